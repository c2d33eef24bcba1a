import { Fault } from '@heed/kernel';

/** The file cannot be read on from here. What was read before it stays imported. */
export class ReadFault extends Fault {
  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super('unreadable-file', message, remedy, options);
  }
}
