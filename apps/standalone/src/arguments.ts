import { Fault } from '@heed/kernel';
import { parseArgs } from 'node:util';

export interface StandaloneArguments {
  /** Settings given on the command line, by their place in the settings. */
  readonly given: Readonly<Record<string, unknown>>;
  /** First line of stdout as JSON, and nothing else there. */
  readonly json: boolean;
  /** Stop when stdin closes: the process that started this one is gone. */
  readonly parentExits: boolean;
}

/** @throws Fault `wrong-usage` */
export function readArguments(argv: readonly string[]): StandaloneArguments {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        data: { type: 'string' },
        host: { type: 'string' },
        port: { type: 'string' },
        encoders: { type: 'string' },
        'no-demo': { type: 'boolean', default: false },
        'parent-exits': { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
      },
    });
    return {
      given: {
        dataDir: values.data,
        // A service for one command is there for that command alone, whatever the environment says.
        host: values['parent-exits'] ? '127.0.0.1' : values.host,
        port: values.port,
        encoders: values.encoders,
        demo: values['no-demo'] ? false : undefined,
        findable: values['parent-exits'] ? false : undefined,
      },
      json: values.json,
      parentExits: values['parent-exits'],
    };
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new Fault(
      'wrong-usage',
      problem,
      'heed start [--data DIR] [--host IP] [--port N] [--encoders DIR,..] [--no-demo] [--json]',
      {
        cause,
      },
    );
  }
}
