import type { Scenario, Wish } from './scenario.ts';
import { misheard, plain } from './wishes.ts';

const PLANTED = [
  { from: 'play maj and dragons', to: 'play imagine dragons', detour: 'play imagin dragon' },
  { from: 'turn of the kitchen lite', to: 'turn off the kitchen light' },
  { from: 'set timer fifteen', to: 'set a timer for fifteen minutes', detour: 'set timer 15' },
  { from: 'yahoo caht', to: 'yahoo chat' },
  { from: 'weather in pariss', to: 'weather in paris' },
  { from: 'call mum mobile phone', to: "call mum's mobile phone" },
] as const;

const DECOYS: readonly {
  readonly from: string;
  readonly to: string;
  readonly why: string;
  readonly wishes: readonly Wish[];
}[] = [
  {
    from: 'news',
    to: 'play jazz',
    why: 'a chain of topics: both are served well, people just go on',
    wishes: [
      {
        weight: 10,
        wordings: [{ text: 'news', first: 1, served: 0.9, next: [], persistence: 0 }],
        thenOn: { to: 'play jazz', probability: 0.7, dwellMs: 60_000 },
      },
      plain(4, 'play jazz'),
    ],
  },
  {
    from: 'open the garage door',
    to: 'open the garage door now',
    why: 'saying it again does not help: the target fails as often',
    wishes: [
      {
        weight: 8,
        wordings: [
          {
            text: 'open the garage door',
            first: 1,
            served: 0.1,
            next: [{ text: 'open the garage door now', weight: 1 }],
            persistence: 0.9,
          },
          { text: 'open the garage door now', first: 0, served: 0.1, next: [], persistence: 0 },
        ],
      },
    ],
  },
  {
    from: 'order the usual pizza',
    to: 'order the usual large pizza',
    why: 'one insistent user, not many',
    wishes: [
      {
        weight: 8,
        only: ['user-insistent'],
        wordings: [
          {
            text: 'order the usual pizza',
            first: 1,
            served: 0.02,
            next: [{ text: 'order the usual large pizza', weight: 1 }],
            persistence: 0.95,
          },
          { text: 'order the usual large pizza', first: 0, served: 0.95, next: [], persistence: 0 },
        ],
      },
    ],
  },
  {
    from: 'book a table',
    to: 'read my messages',
    why: 'the meaning changed: people give up and do something else',
    wishes: [
      {
        weight: 8,
        wordings: [
          {
            text: 'book a table',
            first: 1,
            served: 0.05,
            next: [{ text: 'read my messages', weight: 1 }],
            persistence: 0.8,
          },
          { text: 'read my messages', first: 0, served: 0.95, next: [], persistence: 0 },
        ],
      },
    ],
  },
  {
    from: 'weather',
    to: 'weather tomorrow',
    why: 'the source is served well already',
    wishes: [
      {
        weight: 10,
        wordings: [
          {
            text: 'weather',
            first: 1,
            served: 0.93,
            next: [{ text: 'weather tomorrow', weight: 1 }],
            persistence: 0.9,
          },
          { text: 'weather tomorrow', first: 0.3, served: 0.93, next: [], persistence: 0 },
        ],
      },
    ],
  },
];

/** A voice assistant for music, weather and the house: six planted rewrites, five planted decoys, and everyday traffic around them. */
export const musicAndWeather: Scenario = {
  name: 'music-and-weather',
  wishes: [
    ...PLANTED.map((pair) => misheard(9, pair.from, pair.to, 'detour' in pair ? pair.detour : undefined)),
    ...DECOYS.flatMap(({ wishes }) => wishes),
    plain(12, 'good morning'),
    plain(10, 'play some music'),
    plain(8, 'what time is it'),
    plain(6, 'add milk to the shopping list'),
  ],
  truth: {
    planted: PLANTED.map(({ from, to }) => ({ from, to })),
    decoys: DECOYS.map(({ from, to, why }) => ({ from, to, why })),
  },
};
