import { Fault } from '@heed/kernel';

/** What is answered, and what is given up, once the process was told to end. */
export function shuttingDown(): Fault {
  return new Fault('shutting-down', 'This Heed is shutting down.', 'Send again shortly.');
}

export function isShuttingDown(thrown: unknown): boolean {
  return thrown instanceof Fault && thrown.code === 'shutting-down';
}
