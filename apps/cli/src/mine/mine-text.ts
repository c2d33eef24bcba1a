import type { MinedProposal, MineReport, UnlabelledEnds } from '@heed/contract';
import { count, counted, duration, points } from '../output/numbers.ts';
import { table, type Column } from '../output/table.ts';

const columns: readonly Column<MinedProposal>[] = [
  { title: 'users ask', of: ({ from }) => from, maxWidth: 36 },
  { title: 'what works', of: ({ to }) => to, maxWidth: 36 },
  { title: 'sessions', of: ({ sessions }) => count(sessions), align: 'right' },
  { title: 'users', of: ({ users }) => count(users), align: 'right' },
  { title: 'wins', of: ({ wins }) => count(wins), align: 'right' },
  { title: 'losses', of: ({ losses }) => count(losses), align: 'right' },
  { title: 'gain ≥', of: ({ lowerBound }) => points(lowerBound), align: 'right' },
  { title: 'fix', of: ({ fix, status }) => (fix === null ? 'dry run' : `${fix} ${status ?? ''}`) },
];

/** What mining found, for people. `chosen` is the --unlabelled that was given. */
export function mineText(report: MineReport, chosen: UnlabelledEnds | undefined): string {
  const parts = [
    `${counted(report.turns, 'turn')}, ${counted(report.sessions, 'session')}, ${counted(report.states, 'distinct request')}, ` +
      `${counted(report.transitions, 'distinct step')}, in ${duration(report.seconds)}`,
    report.proposals.length === 0 ? 'No fix proposed.' : proposalsText(report.proposals, chosen),
    rejectedText(report.rejected),
    ...report.switchedOff.map(({ fix, why }) => `Switched off ${fix}: ${why}`),
    silenceText(report, chosen),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function proposalsText(proposals: readonly MinedProposal[], chosen: UnlabelledEnds | undefined): string {
  const first = proposals.find(({ status }) => status === 'proposed')?.fix;
  const next =
    first === undefined || first === null
      ? ''
      : `\n\nNext: npx heed fixes ${first}, then npx heed fixes ${first} live`;
  return `${table(proposals, columns)}\n(gain: success of what works minus success of what they ask, lower 95 % bound, in points)${countedText(chosen)}${next}`;
}

/** Wins and losses count what sessions say; the gain counts silent ends too, so it may stand beside wins of 0. */
function countedText(chosen: UnlabelledEnds | undefined): string {
  if (chosen !== 'success' && chosen !== 'failure') return '';
  return `\n(silent ends count as ${chosen} here: in the gain, not in the wins and losses)`;
}

function rejectedText(rejected: Readonly<Record<string, number>>): string {
  const gates = Object.entries(rejected).filter(([, n]) => n > 0);
  if (gates.length === 0) return '';
  return `Not proposed, by gate: ${gates.map(([gate, n]) => `${gate} ${count(n)}`).join(', ')}`;
}

/** Without one labelled end nothing can win: the log has no outcomes, and the user has to say what silence means. */
function silenceText({ sessions, unlabelledEnds }: MineReport, chosen: UnlabelledEnds | undefined): string {
  if (sessions === 0) return 'There are no sessions yet: heed import FILE brings some in.';
  const silent = unlabelledEnds >= sessions;
  if (!silent || (chosen !== undefined && chosen !== 'unlabelled')) return '';
  return (
    'No session in this window says how it ended, so nothing can be shown to work. Send outcomes,\n' +
    'or say what silence means: heed mine --unlabelled success takes the last wording of a session as the one that worked.'
  );
}
