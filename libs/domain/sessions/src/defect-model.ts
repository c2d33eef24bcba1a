import type { TenantId, TurnId } from '@heed/kernel';
import type { DerivedTurn } from './derived-session.ts';
import type { GivenAnswer } from './given-answers.ts';
import type { SessionKey } from './session-store.ts';

/** A model of failed turns that speaks in place of the rules. */
export interface DefectModel {
  /** What the rows of a session name it by. */
  readonly id: string;
  /** Probability from which on a turn failed. */
  readonly threshold: number;
  /**
   * How likely each turn of a session, or of one part of it, is to have failed; null for those without an answer. What the turns of a session come to depends on
   * that session alone. Never rejects: undefined says that the model cannot be run, and that the rules stay.
   *
   * @param answers of the turns that had any sent on their own; see `givenAnswers`
   */
  failing(
    session: SessionKey,
    turns: readonly DerivedTurn[],
    answers: ReadonlyMap<TurnId, readonly GivenAnswer[]>,
  ): Promise<readonly (number | null)[] | undefined>;
}

/** Port: which model of failed turns speaks of a session. */
export interface DefectModels {
  /** Of each of the sessions the model that speaks of it now; undefined where the rules do. */
  inForce(sessions: readonly SessionKey[]): Promise<DefectModelOf>;
  /** A model that rows name, in force or not; undefined where there is none that could replace the rules. */
  named(tenant: TenantId, id: string): Promise<DefectModel | undefined>;
}

export type DefectModelOf = (session: SessionKey) => DefectModel | undefined;
