import type { Problem } from '@heed/contract';
import { Fault } from '@heed/kernel';

/** Heed answered, and said no: its own code, title and remedy, with the HTTP status they came under. */
export class RemoteFault extends Fault {
  readonly status: number;

  constructor(problem: Problem) {
    super(problem.code, problem.title, problem.remedy);
    this.status = problem.status;
  }
}
