import { Fault, type TenantId } from '@heed/kernel';
import { faultFields, type Log } from '@heed/platform';
import type { BesideRules, LiveModels, RewardModel, RewardModels } from '@heed/policies';
import { turnsToScore, type ModelScorers } from '@heed/rewards';
import type { DefectModel, DefectModelOf, DefectModels, SessionKey } from '@heed/sessions';

export interface DefectModelParts {
  readonly live: LiveModels;
  readonly models: Pick<RewardModels, 'find'>;
  readonly cards: {
    card(tenant: TenantId, model: string): Promise<{ readonly rules?: BesideRules | undefined } | null>;
  };
  readonly scorers: ModelScorers;
  readonly journal: Log;
  /** Told of every session that the rules are left with because the model that was to speak of it could not be run. */
  readonly onLeftToRules?: () => void;
}

/** Null where it was not held against the rules. */
type Verdict = BesideRules | null;

/**
 * Of each tenant the model of failed turns that is live and beats the rules; of several the one that was put live last. One that cannot be run leaves the
 * session at hand to the rules and is tried again for the next, so that what becomes of a session is no matter of its company; the log has it once, until it can be run.
 */
export class TenantDefectModels implements DefectModels {
  readonly #parts: DefectModelParts;
  readonly #told = new Set<string>();
  /** Which models were live when the cards were read. */
  #live: ReadonlyMap<TenantId, readonly RewardModel[]> = new Map();
  #verdicts = new Map<string, Verdict>();

  constructor(parts: DefectModelParts) {
    this.#parts = parts;
  }

  async inForce(sessions: readonly SessionKey[]): Promise<DefectModelOf> {
    const live = await this.#parts.live.live('defect');
    if (live.size === 0) return () => undefined;
    if (live !== this.#live) this.#verdicts = new Map();
    this.#live = live;
    const found = new Map<TenantId, DefectModel | undefined>();
    for (const tenant of new Set(sessions.map((session) => session.tenant)))
      found.set(tenant, await this.#firstOf(live.get(tenant) ?? []));
    return ({ tenant }) => found.get(tenant);
  }

  async named(tenant: TenantId, id: string): Promise<DefectModel | undefined> {
    const model = await this.#parts.models.find(tenant, id);
    if (model?.id !== id || model.purpose !== 'defect') return undefined;
    // Whether it beats the rules by the card of a later training, too, is no matter: it was in force when the row was written.
    const verdict = await this.#verdictOf(model);
    return verdict === null ? undefined : this.#speaking(model, verdict);
  }

  async #firstOf(models: readonly RewardModel[]): Promise<DefectModel | undefined> {
    for (const model of models) {
      const replacing = await this.#replacing(model);
      if (replacing !== undefined) return replacing;
    }
    return undefined;
  }

  async #replacing(model: RewardModel): Promise<DefectModel | undefined> {
    const verdict = (await this.#orTold('card', model, () => this.#verdictOf(model))) ?? null;
    return verdict?.replacesRules === true ? this.#speaking(model, verdict) : undefined;
  }

  #speaking(model: RewardModel, { threshold }: NonNullable<Verdict>): DefectModel {
    return { id: model.id, threshold, failing: this.#failingBy(model) };
  }

  /** As it is recorded, so that all who follow the record decide alike; of one that was recorded before that was, as its card says. */
  async #verdictOf({ tenant, id, besideRules }: RewardModel): Promise<Verdict> {
    if (besideRules !== undefined) return besideRules;
    const name = `${tenant}/${id}`;
    const known = this.#verdicts.get(name);
    if (known !== undefined) return known;
    const card = await this.#parts.cards.card(tenant, id);
    if (card === null)
      throw new Fault(
        'model-missing',
        `The card of the model ${id} is not where models are kept.`,
        'Put it back from a backup of the data folder or the database, or train again with `heed train defect`.',
      );
    const verdict = card.rules ?? null;
    this.#verdicts.set(name, verdict);
    return verdict;
  }

  #failingBy(model: RewardModel): DefectModel['failing'] {
    return async (...session) => {
      const failing = await this.#orTold('file', model, () => this.#score(model, ...session));
      if (failing === undefined) this.#parts.onLeftToRules?.();
      return failing;
    };
  }

  /** A session is scored by itself: in other company the same turn may come to another last digit. */
  async #score(
    { tenant, version }: RewardModel,
    ...[{ session }, turns, answers]: Parameters<DefectModel['failing']>
  ): Promise<readonly (number | null)[]> {
    const toScore = turnsToScore(session, turns, answers, 'aftermath');
    const answered = toScore.filter((turn) => turn !== null);
    if (answered.length === 0) return toScore.map(() => null);
    const { probabilities } = await this.#parts.scorers.score(tenant, version, answered);
    const given = probabilities.values();
    return toScore.map((turn) => (turn === null ? null : (given.next().value ?? null)));
  }

  async #orTold<T>(
    part: 'card' | 'file',
    { tenant, id }: RewardModel,
    work: () => Promise<T>,
  ): Promise<T | undefined> {
    const name = `${part} ${tenant}/${id}`;
    try {
      const done = await work();
      this.#told.delete(name);
      return done;
    } catch (thrown) {
      if (!this.#told.has(name))
        this.#parts.journal.error('defect-model-left-out', { tenant, model: id, ...faultFields(thrown) });
      this.#told.add(name);
      return undefined;
    }
  }
}
