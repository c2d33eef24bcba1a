import { once } from 'node:events';
import { z } from 'zod';

/** The variable that lets a service be looked into, from this machine and on a free port. */
export const INSPECTED = { NODE_OPTIONS: '--inspect=127.0.0.1:0' };

export interface Inspector {
  collectGarbage(): Promise<void>;
  /** What an expression is worth in the service; a promise's result. */
  evaluate(expression: string): Promise<unknown>;
  close(): void;
}

const message = z.object({
  id: z.number().optional(),
  result: z.unknown().optional(),
  error: z.unknown().optional(),
});
const evaluated = z.object({
  result: z.object({ value: z.unknown().optional() }),
  exceptionDetails: z.unknown().optional(),
});

/** Node's inspector of a service that was started with INSPECTED; `printed` says where it listens. */
export async function openInspector(printed: string): Promise<Inspector> {
  const [url = ''] = /ws:\/\/\S+/u.exec(printed) ?? [];
  const socket = new WebSocket(url);
  await once(socket, 'open');
  const waiting = new Map<number, (answer: z.output<typeof message>) => void>();
  socket.addEventListener('message', ({ data }) => {
    const answer = message.parse(JSON.parse(String(data)));
    if (answer.id === undefined) return;
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  let calls = 0;
  const call = async (method: string, params: object = {}): Promise<unknown> => {
    const id = ++calls;
    const { promise, resolve } = Promise.withResolvers<z.output<typeof message>>();
    waiting.set(id, resolve);
    socket.send(JSON.stringify({ id, method, params }));
    const { result, error } = await promise;
    if (error !== undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
    return result;
  };
  return {
    collectGarbage: async () => {
      await call('HeapProfiler.collectGarbage');
    },
    evaluate: async (expression) => {
      const params = { expression, awaitPromise: true, returnByValue: true };
      const { result, exceptionDetails } = evaluated.parse(await call('Runtime.evaluate', params));
      if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
      return result.value;
    },
    close: () => {
      socket.close();
    },
  };
}
