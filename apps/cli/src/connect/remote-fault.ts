import type { Problem } from '@heed/contract';
import { Fault } from '@heed/kernel';

/** Heed answered, and said no: its own code, detail and remedy, with the HTTP status they came under. */
export class RemoteFault extends Fault {
  readonly status: number;

  constructor(problem: Pick<Problem, 'status' | 'code' | 'detail' | 'remedy'>) {
    super(problem.code, problem.detail, problem.remedy);
    this.status = problem.status;
  }
}
