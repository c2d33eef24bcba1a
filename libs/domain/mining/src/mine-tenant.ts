import type { FixId, TenantId } from '@heed/kernel';
import type {
  ChainStore,
  MiningWindow,
  PairEvidence,
  ServedCounts,
  ServingFix,
  StateText,
  WindowTotals,
} from './chain-store.ts';
import { findCandidates } from './find-candidates.ts';
import { DEFAULT_GATES, type GateThresholds } from './gate-thresholds.ts';
import { judgeCandidates, passesOnEvidence, type BlockedPair, type Judgement } from './judge-candidates.ts';
import { SIMILARITY_VERSION } from './meaning-similarity.ts';
import { switchOff } from './switch-off.ts';
import type { SolverPrecision } from './solve-rewrites.ts';
import type { UnlabelledEnds } from './unlabelled-ends.ts';

export const MINER_VERSION = 'miner-1';
const DEFAULT_SESSION_IDS = 1000;

export interface MiningRequest {
  readonly window?: MiningWindow;
  /** Thresholds that differ from `DEFAULT_GATES`. */
  readonly gates?: { readonly [Gate in keyof GateThresholds]?: GateThresholds[Gate] | undefined };
  readonly unlabelledEnds?: UnlabelledEnds;
  /** Weight of a day against the day after it; 1 (the default) = no decay. */
  readonly decayPerDay?: number;
  /** Rewrites whose fix was blocked or retired. */
  readonly blocked?: readonly BlockedPair[];
  /** Fixes that serve turns now: each is held against its source and may come back in `switchedOff`. */
  readonly liveFixes?: readonly ServingFix[];
  /** Versions of the models and the normalisation that made the sessions, to be recorded with every proposal beside what decided the outcomes. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Session ids to keep with a proposal, at most. */
  readonly sessionIdsPerProposal?: number;
  readonly precision?: SolverPrecision;
}

export type MiningStage = 'counting' | 'solving' | 'judging';
/** How far a stage has come; `counting` in days, `solving` in sources, `judging` in candidates. */
export interface MiningProgress {
  readonly stage: MiningStage;
  readonly done: number;
  readonly of: number;
}

export interface MiningReport extends WindowTotals, Judgement {
  /** Dirty days that were counted again before mining, whether or not the window has them. */
  readonly daysCounted: readonly string[];
  readonly switchedOff: readonly { readonly fix: FixId; readonly why: string }[];
  readonly seconds: number;
}

/** The world outside, handed in: a clock in milliseconds, and somebody to tell how far it is. */
export interface MiningSurroundings {
  readonly nowMs: () => number;
  readonly progress?: (progress: MiningProgress) => void;
}

/**
 * Mines a tenant's sessions: counts the dirty days, solves the chain, and puts what it finds before the gates. Writes nothing but
 * the counts; what becomes of proposals and of fixes to switch off is the caller's affair.
 */
export async function mineTenant(
  store: ChainStore,
  tenant: TenantId,
  request: MiningRequest,
  { nowMs, progress }: MiningSurroundings,
): Promise<MiningReport> {
  const startedMs = nowMs();
  const tell = (stage: MiningStage) => (done: number, of: number) => progress?.({ stage, done, of });
  const window = request.window ?? {};
  const gates = withDefaults(request.gates);
  const daysCounted = await store.recount(tenant, tell('counting'));
  const totals = await store.totals(tenant, window);
  const served = await store.served(tenant, window, request.liveFixes ?? []);
  const counts = await store.counts(tenant, window, request.decayPerDay ?? 1);
  const candidates = findCandidates(counts, {
    ...(request.unlabelledEnds && { unlabelledEnds: request.unlabelledEnds }),
    ...(request.precision && { precision: request.precision }),
    fewestVisits: gates.sessions,
    servedStates: new Set(served.map(({ state }) => state)),
    progress: tell('solving'),
  });
  tell('judging')(0, candidates.length);
  const sessionIds = request.sessionIdsPerProposal ?? DEFAULT_SESSION_IDS;
  const evidence =
    candidates.length === 0 ? [] : await store.evidence(tenant, window, candidates, sessionIds);
  const texts = await textsOf(
    store,
    tenant,
    window,
    evidence.filter((pair) => passesOnEvidence(pair, gates)),
  );
  const judgement = judgeCandidates({
    candidates,
    evidence,
    texts,
    gates,
    blocked: request.blocked ?? [],
    window,
    versions: {
      ...request.versions,
      outcome: totals.outcomeModels.join(', '),
      miner: MINER_VERSION,
      similarity: SIMILARITY_VERSION,
    },
  });
  tell('judging')(candidates.length, candidates.length);
  return {
    ...totals,
    ...judgement,
    daysCounted,
    switchedOff: losers(served, new Set(request.liveFixes?.map(({ id }) => id))),
    seconds: (nowMs() - startedMs) / 1000,
  };
}

function withDefaults(gates: MiningRequest['gates']): GateThresholds {
  return {
    sessions: gates?.sessions ?? DEFAULT_GATES.sessions,
    users: gates?.users ?? DEFAULT_GATES.users,
    exploration: gates?.exploration ?? DEFAULT_GATES.exploration,
    similarity: gates?.similarity ?? DEFAULT_GATES.similarity,
    lowerBound: gates?.lowerBound ?? DEFAULT_GATES.lowerBound,
  };
}

async function textsOf(
  store: ChainStore,
  tenant: TenantId,
  window: MiningWindow,
  pairs: readonly PairEvidence[],
): Promise<readonly StateText[]> {
  const states = new Set(pairs.flatMap(({ from, to }) => [from, to]));
  return states.size === 0 ? [] : store.texts(tenant, window, [...states]);
}

function losers(served: readonly ServedCounts[], live: ReadonlySet<FixId>): MiningReport['switchedOff'] {
  return served.flatMap((counts) => {
    const why = live.has(counts.fix) ? switchOff(counts) : null;
    return why === null ? [] : [{ fix: counts.fix, why }];
  });
}
