import type { Wish } from './scenario.ts';

/** A request that fails, the better wording that users find, and perhaps a wrong turn on the way. */
export function misheard(weight: number, from: string, to: string, detour?: string): Wish {
  const onward = [{ text: to, weight: 4 }, ...(detour === undefined ? [] : [{ text: detour, weight: 1 }])];
  return {
    weight,
    wordings: [
      { text: from, first: 3, served: 0.08, next: onward, persistence: 0.8 },
      { text: to, first: 2, served: 0.93, next: [], persistence: 0 },
      ...(detour === undefined
        ? []
        : [{ text: detour, first: 0, served: 0.05, next: [{ text: to, weight: 1 }], persistence: 0.7 }]),
    ],
  };
}

/** A request that works as it is. */
export function plain(weight: number, text: string): Wish {
  return { weight, wordings: [{ text, first: 1, served: 0.95, next: [], persistence: 0 }] };
}
