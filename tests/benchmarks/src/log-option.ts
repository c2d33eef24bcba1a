import { parseArgs } from 'node:util';

export interface LogChoice {
  /** Of Kafka; undefined for the log in PostgreSQL. */
  readonly brokers: readonly string[] | undefined;
  /** What stands beside the option. */
  readonly others: readonly string[];
}

/** Where the log is to be: `--log postgresql`, which needs not be said, or `--log kafka`. @throws TypeError when there is no such log, or no broker of it */
export function logOption(args: readonly string[]): LogChoice {
  const at = args.findIndex((arg) => arg === '--log' || arg.startsWith('--log='));
  if (at === -1) return { brokers: undefined, others: args };
  const behind = args[at] === '--log' ? at + 2 : at + 1;
  const { values } = parseArgs({ args: args.slice(at, behind), options: { log: { type: 'string' } } });
  const others = args.filter((_, index) => index < at || index >= behind);
  if (values.log === 'postgresql') return { brokers: undefined, others };
  if (values.log !== 'kafka')
    throw new TypeError(`--log takes postgresql or kafka, not "${values.log ?? ''}"`);
  const brokers = (process.env['HEED_KAFKA_BROKERS'] ?? '').split(',').filter((one) => one !== '');
  if (brokers.length > 0) return { brokers, others };
  throw new TypeError(
    '--log kafka needs HEED_KAFKA_BROKERS; `npm run stack` starts a broker and says where it is',
  );
}
