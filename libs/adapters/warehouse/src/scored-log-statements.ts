import type { Reading } from '@heed/rewards';

/** Rows of `scored_sessions` that are of the model. */
export const MODEL_SAYS = 'tenant = {tenant:String} AND model = {model:String}';

/**
 * What a session must be for scores of it to hold, of the columns of `sessions`: to a model that reads answers alone what was said in it; to one that reads
 * the aftermath also what was done about them.
 */
export const STAND = {
  answer: 'toString(said)',
  aftermath: `concat(toString(said), '.', toString(done))`,
} as const satisfies Record<Reading, string>;

/** The same of a row of `scored_sessions`, as it was then. */
export const STOOD = `if(done = 0, ${STAND.answer}, ${STAND.aftermath})`;

/** How much of `byPolicy` is shown. */
const MOST_POLICIES = 200;

/** A condition on the columns of `sessions`, and whether it leaves out any of them by their day. */
export interface SessionsAsked {
  readonly sql: string;
  readonly isBounded: boolean;
}

/**
 * Sessions of the window, beside what the model said of them as they stand; `is_scored` is 0 where it did not. Scores know no day, but lie in the order of their
 * sessions: where the window is bounded those of its sessions alone are looked up. Rows that others have replaced may name more of them, which does no harm.
 */
function scoredSessions({ sql: window, isBounded }: SessionsAsked): string {
  const ofThose = isBounded ? ` AND session IN (SELECT session FROM sessions WHERE ${window})` : '';
  return `(
    SELECT day, ids, response_models, served_fixes, is_there = 1 AND (done_then = 0 OR done_then = done) AS is_scored,
           if(is_scored, given_scores, []) AS scores
    FROM
    (
      SELECT session, said, done, day, turns.id AS ids, turns.response_model AS response_models, turns.served_fix AS served_fixes
      FROM sessions FINAL WHERE ${window}
    ) AS derived
    LEFT JOIN
    (
      SELECT session, said, done AS done_then, scores AS given_scores, 1 AS is_there FROM scored_sessions FINAL WHERE ${MODEL_SAYS}${ofThose}
    ) AS given USING (session, said)
  )`;
}

export function scoresByDay(window: SessionsAsked): string {
  return `SELECT toString(day) AS day, sum(length(ids)) AS turns, sum(arrayCount(one -> one IS NOT NULL, scores)) AS scored,
                 sumIf(arrayCount(one -> one IS NULL, scores), is_scored = 1) AS leftOut,
                 sum(arraySum(one -> ifNull(one, 0), scores)) AS total
          FROM ${scoredSessions(window)} GROUP BY day ORDER BY day SETTINGS join_use_nulls = 0`;
}

export function scoresByPolicy(window: SessionsAsked): string {
  return `SELECT responseModel, servedFix, count() AS scored, avg(assumeNotNull(score)) AS meanScore
          FROM (SELECT response_models, served_fixes, scores FROM ${scoredSessions(window)} WHERE is_scored = 1)
          ARRAY JOIN response_models AS responseModel, served_fixes AS servedFix, scores AS score
          WHERE score IS NOT NULL GROUP BY responseModel, servedFix
          ORDER BY scored DESC, responseModel, servedFix LIMIT ${String(MOST_POLICIES)} SETTINGS join_use_nulls = 0`;
}
