import type { MinedProposal, MineReport, MineRequest } from '@heed/contract';
import type { TenantId } from '@heed/kernel';
import {
  mineTenant,
  type ChainStore,
  type MiningReport,
  type RewriteProposal,
  type UnlabelledEnds,
} from '@heed/mining';
import {
  CHAIN_STORE,
  CLOCK,
  FIX_PROPOSALS,
  SETTINGS,
  TRACING,
  type Clock,
  type ReportProgress,
} from '@heed/platform';
import { servedSinceMs, type Attribution, type FixProposals } from '@heed/policies';
import { ruleModels } from '@heed/sessions';
import { traced, type Tracing } from '@heed/telemetry';
import { Inject, Injectable } from '@nestjs/common';

export interface LearnerSettings {
  readonly unlabelledEnds: UnlabelledEnds;
}

const WHO = 'heed:learner';

const MODEL_VERSIONS = {
  reformulation: ruleModels.reformulation.version,
  followUp: ruleModels.followUp.version,
  normalisation: 'text-1',
};

/** One run of mining: what the warehouse holds, through the chain and the gates, to proposed fixes; and switching off what loses. */
@Injectable()
export class MineTenant {
  readonly #chains: ChainStore;
  readonly #fixes: FixProposals;
  readonly #clock: Clock;
  readonly #settings: LearnerSettings;
  readonly #tracing: Tracing;
  readonly #running = new Map<TenantId, Promise<unknown>>();

  constructor(
    @Inject(CHAIN_STORE) chains: ChainStore,
    @Inject(FIX_PROPOSALS) fixes: FixProposals,
    @Inject(CLOCK) clock: Clock,
    @Inject(SETTINGS) settings: LearnerSettings,
    @Inject(TRACING) tracing: Tracing,
  ) {
    this.#chains = chains;
    this.#fixes = fixes;
    this.#clock = clock;
    this.#settings = settings;
    this.#tracing = tracing;
  }

  /** Runs of one tenant wait for each other: two recounts of a day at a time would only do the work twice. */
  async run(tenant: TenantId, request: MineRequest, report: ReportProgress): Promise<MineReport> {
    const before = this.#running.get(tenant) ?? Promise.resolve();
    const run = before.catch(() => undefined).then(() => this.#traced(tenant, request, report));
    this.#running.set(tenant, run);
    try {
      return await run;
    } finally {
      if (this.#running.get(tenant) === run) this.#running.delete(tenant);
    }
  }

  #traced(tenant: TenantId, request: MineRequest, report: ReportProgress): Promise<MineReport> {
    return traced(this.#tracing, 'mine', {}, async (span) => {
      const mined = await this.#mine(tenant, request, report);
      const { turns, sessions, states, proposals } = mined;
      span.note({
        'heed.turns': turns,
        'heed.sessions': sessions,
        'heed.states': states,
        'heed.proposals': proposals.length,
      });
      return mined;
    });
  }

  async #mine(tenant: TenantId, request: MineRequest, report: ReportProgress): Promise<MineReport> {
    const [blocked, served] = await Promise.all([
      this.#fixes.notToPropose(tenant),
      this.#fixes.served(tenant),
    ]);
    const unlabelledEnds = request.unlabelledEnds ?? this.#settings.unlabelledEnds;
    const { since, until, gates, decayPerDay } = request;
    const mined = await mineTenant(
      this.#chains,
      tenant,
      {
        window: { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) },
        ...(gates === undefined ? {} : { gates }),
        unlabelledEnds,
        ...(decayPerDay === undefined ? {} : { decayPerDay }),
        blocked,
        liveFixes: served.map((fix) => ({ id: fix.id, sinceMs: servedSinceMs(fix) ?? 0 })),
        versions: { ...MODEL_VERSIONS, unlabelledEnds, decayPerDay: String(decayPerDay ?? 1) },
      },
      {
        nowMs: () => this.#clock.nowMs(),
        progress: ({ stage, done, of }) => {
          report({ step: stage, done, of });
        },
      },
    );
    if (request.dryRun === true) return reportOf(mined, []);
    const fixes = await this.#fixes.propose(tenant, mined.proposals, this.#as('mined'));
    for (const { fix, why } of mined.switchedOff) await this.#fixes.switchOff(tenant, fix, this.#as(why));
    return reportOf(mined, fixes);
  }

  #as(why: string): Attribution {
    return { atMs: this.#clock.nowMs(), who: WHO, why };
  }
}

function reportOf(
  mined: MiningReport,
  fixes: readonly { readonly id: string; readonly status: string }[],
): MineReport {
  const { turns, sessions, states, transitions, unlabelledEnds, seconds } = mined;
  return {
    turns,
    sessions,
    states,
    transitions,
    unlabelledEnds,
    daysCounted: [...mined.daysCounted],
    proposals: mined.proposals.map((proposal, index) => viewOf(proposal, fixes[index])),
    rejected: { ...mined.rejected },
    switchedOff: mined.switchedOff.map(({ fix, why }) => ({ fix, why })),
    seconds,
  };
}

function viewOf(
  { from, to, fromState, toState, evidence }: RewriteProposal,
  fix: { readonly id: string; readonly status: string } | undefined,
): MinedProposal {
  const { wins, losses, unlabelled, users, sessions, sessionIds, lowerBound, gates, absorption, versions } =
    evidence;
  return {
    fix: fix?.id ?? null,
    status: fix?.status ?? null,
    from,
    to,
    fromState,
    toState,
    wins,
    losses,
    unlabelled,
    users,
    sessions,
    sessionIds: [...sessionIds],
    lowerBound,
    gates: [...gates],
    absorption,
    versions: { ...versions },
  };
}
