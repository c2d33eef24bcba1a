import type { Scenario } from './scenario.ts';
import { misheard, plain } from './wishes.ts';

const PLANTED = [
  { from: 'cancel my subscribtion', to: 'cancel my subscription' },
  { from: 'invoice for march where', to: 'download invoice for march', detour: 'invoice march' },
  { from: 'change payment card', to: 'change the card I pay with' },
] as const;

/** The search box of a help desk; the sample log of docs/tour comes from it. */
export const helpDesk: Scenario = {
  name: 'help-desk',
  wishes: [
    ...PLANTED.map((pair) => misheard(9, pair.from, pair.to, 'detour' in pair ? pair.detour : undefined)),
    plain(10, 'reset my password'),
    plain(8, 'delivery times'),
    plain(6, 'talk to a person'),
  ],
  truth: { planted: PLANTED.map(({ from, to }) => ({ from, to })), decoys: [] },
};
