import { Fault } from '@heed/kernel';

/** The command was called wrongly: nothing was tried. */
export class UsageFault extends Fault {
  constructor(message: string, remedy: string) {
    super('wrong-usage', message, remedy);
  }
}
