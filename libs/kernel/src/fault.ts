/**
 * Something outside the rules went wrong: a disk is full, a folder belongs to another process, a store does not answer.
 * `code` is stable and machine-readable; `message` says what was wrong and `remedy` what would satisfy it. An app's edge
 * turns the code into an exit code, an HTTP status, a retry or a dead letter; nobody else looks at it.
 */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: string;
  readonly remedy: string;

  constructor(code: string, message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.remedy = remedy;
  }
}
