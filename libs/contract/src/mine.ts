import { z } from 'zod';

const day = z.iso.date('a UTC day as YYYY-MM-DD');

/** How sessions that end with nothing said enter the chain. See docs/mining.md. */
export const UNLABELLED_ENDS = ['unlabelled', 'success', 'failure', 'drop'] as const;
export const unlabelledEnds = z.enum(UNLABELLED_ENDS);
export type UnlabelledEnds = z.infer<typeof unlabelledEnds>;

/** Thresholds by gate name; a gate that is not named keeps its default. */
export const gateThresholds = z.strictObject({
  sessions: z.number().nonnegative().optional(),
  users: z.number().nonnegative().optional(),
  exploration: z.number().min(0).max(1).optional(),
  similarity: z.number().min(0).max(1).optional(),
  lowerBound: z.number().min(-1).max(1).optional(),
});
export type GateThresholds = z.infer<typeof gateThresholds>;

export const mineRequest = z.strictObject({
  /** Session ends with `since <= day < until`. */
  since: day.optional(),
  until: day.optional(),
  gates: gateThresholds.optional(),
  unlabelledEnds: unlabelledEnds.optional(),
  /** Weight of a day against the day after it; 1 = no decay. */
  decayPerDay: z.number().gt(0).max(1).optional(),
  dryRun: z.boolean().optional(),
});
export type MineRequest = z.infer<typeof mineRequest>;

export const gateResult = z.object({
  gate: z.string(),
  measured: z.number(),
  threshold: z.number(),
  margin: z.number(),
  passed: z.boolean(),
});

export const absorption = z.object({
  n_i: z.number(),
  n_j: z.number(),
  Q_ij: z.number(),
  N_ij: z.number(),
  R_j: z.number(),
  B: z.number(),
  winProbability: z.number(),
  errorBound: z.number(),
});

/** What a rewrite rests on, as mining reports it and as its fix keeps it. */
export const evidenceFields = z.object({
  wins: z.number(),
  losses: z.number(),
  unlabelled: z.number(),
  users: z.number(),
  sessions: z.number(),
  sessionIds: z.array(z.string()),
  lowerBound: z.number(),
  gates: z.array(gateResult),
  absorption,
  versions: z.record(z.string(), z.string()),
});

/** `from` and `to` are what users wrote; `fromState` and `toState` the chain's names. `fix` is null on a dry run. */
export const minedProposal = z.object({
  fix: z.string().nullable(),
  status: z.string().nullable(),
  from: z.string(),
  to: z.string(),
  fromState: z.string(),
  toState: z.string(),
  ...evidenceFields.shape,
});
export type MinedProposal = z.infer<typeof minedProposal>;

export const mineReport = z.object({
  turns: z.number(),
  sessions: z.number(),
  states: z.number(),
  transitions: z.number(),
  unlabelledEnds: z.number(),
  daysCounted: z.array(z.string()),
  proposals: z.array(minedProposal),
  rejected: z.record(z.string(), z.number()),
  /** Live fixes that this run switched off because the turns they served fared worse. */
  switchedOff: z.array(z.object({ fix: z.string(), why: z.string() })),
  seconds: z.number(),
});
export type MineReport = z.infer<typeof mineReport>;
