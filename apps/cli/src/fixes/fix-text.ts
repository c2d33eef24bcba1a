import type { FixView } from '@heed/contract';
import { count, counted, points } from '../output/numbers.ts';
import { table, type Column } from '../output/table.ts';

const listColumns: readonly Column<FixView>[] = [
  { title: 'fix', of: ({ fix }) => fix },
  { title: 'status', of: statusOf },
  { title: 'users ask', of: ({ from }) => from, maxWidth: 36 },
  { title: 'what works', of: ({ to }) => to, maxWidth: 36 },
  { title: 'sessions', of: ({ evidence }) => count(evidence.sessions), align: 'right' },
  { title: 'gain ≥', of: ({ evidence }) => points(evidence.lowerBound), align: 'right' },
];

type Gate = FixView['evidence']['gates'][number];
const gateColumns: readonly Column<Gate>[] = [
  { title: 'gate', of: ({ gate }) => gate },
  { title: 'measured', of: ({ measured }) => short(measured), align: 'right' },
  { title: 'threshold', of: ({ threshold }) => short(threshold), align: 'right' },
  { title: 'margin', of: ({ margin }) => short(margin), align: 'right' },
  { title: '', of: ({ passed }) => (passed ? 'passed' : 'NOT PASSED') },
];

const SHOWN_SESSIONS = 5;

export function fixListText(fixes: readonly FixView[]): string {
  return fixes.length === 0 ? 'No fixes yet: `heed mine` proposes them.' : table(fixes, listColumns);
}

/** One fix with everything it stands on. */
export function fixText(view: FixView): string {
  const { fix, from, to, evidence, stale, history } = view;
  const { wins, losses, unlabelled, users, sessions, sessionIds, lowerBound, absorption } = evidence;
  const shown = sessionIds.slice(0, SHOWN_SESSIONS).join(', ');
  const more =
    sessionIds.length > SHOWN_SESSIONS
      ? ` and ${count(sessionIds.length - SHOWN_SESSIONS)} more (--json has all)`
      : '';
  const evidenceText = [
    `evidence    ${counted(sessions, 'session')} of ${counted(users, 'user')}: ${count(wins)} ended well, ${count(losses)} badly, ${count(unlabelled)} said nothing`,
    `            gain ${points(lowerBound)} points or more (lower 95 % bound)`,
    `            a user who starts here ends well in the target with probability ${short(absorption.winProbability)}`,
    `window      ${evidence.window.since ?? 'the beginning'} to ${evidence.window.until ?? 'the newest day'}`,
    `sessions    ${shown}${more}`,
    `made with   ${Object.entries(evidence.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}`,
  ].join('\n');
  const historyText = history
    .map(
      ({ at, status, stale: wentStale, who, why }) =>
        `  ${at}  ${(wentStale ? 'stale' : status).padEnd(8)}  ${who}${why === '' ? '' : `: ${why}`}`,
    )
    .join('\n');
  return [
    `${fix}  ${statusOf(view)}`,
    ...(stale === null
      ? []
      : [`stale       ${stale.why}\n            \`heed mine\` says what is left of the evidence`]),
    `users ask   ${from}\nwhat works  ${to}`,
    evidenceText,
    table(evidence.gates, gateColumns),
    `history\n${historyText}`,
  ].join('\n\n');
}

/** A stale fix is served as before. */
function statusOf({ status, stale }: FixView): string {
  return stale === null ? status : `${status}, stale`;
}

function short(value: number): string {
  return Number.isInteger(value) ? count(value) : value.toFixed(4);
}
