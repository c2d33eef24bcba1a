// What the page runs: an application with the SDK in it, for the tests to drive.
import { createEmitter, type Emitter, type EmitterOptions, type HeedProblem } from '@heed/sdk';

let heed: Emitter | undefined;

function emitter(): Emitter {
  if (heed === undefined) throw new Error('start() comes first');
  return heed;
}

const problems: string[] = [];
const waiting = new Map<string, () => void>();

function tell({ code }: HeedProblem): void {
  problems.push(code);
  waiting.get(code)?.();
}

const application = {
  problems,
  start: (url: string, options: Partial<EmitterOptions> = {}) => {
    heed = createEmitter({ url, ...options, onProblem: tell });
  },
  /** Events of one session, with the given ids and so much text each. */
  emit: (ids: readonly string[], characters = 10) => {
    for (const id of ids) {
      emitter().emit({
        type: 'heed.turn.v1',
        id,
        session: `session-of-${id.replace(/-\d+$/, '')}`,
        data: { turn: id, request: { text: 'a'.repeat(characters) } },
      });
    }
  },
  /** Resolves when that problem was told. */
  told: async (code: string) => {
    if (!problems.includes(code)) await new Promise<void>((resolve) => waiting.set(code, resolve));
  },
  saved: () => emitter().saved(),
  flush: (timeoutMs?: number) => emitter().flush(timeoutMs),
};

Object.assign(globalThis, { application });
