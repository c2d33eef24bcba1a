import type { Said } from '../answered-turn.ts';
import type { Constraint } from '../objectives/candidate.ts';

/** What a policy says to one of the prompts that every policy was given. */
export interface PolicyAnswer {
  readonly policy: string;
  /** What came before, oldest first; the prompt is the last thing the user said. */
  readonly context: readonly Said[];
  readonly response: string;
}

/** Answers that there are to choose from for one prompt. */
export interface CandidatePool {
  readonly prompt: string;
  /** `base`: what the answer is worth without the model; given for all answers of a question or for none. */
  readonly answers: readonly { readonly text: string; readonly base?: number | undefined }[];
}

/** The answers to one prompt that objectives choose among; what each is loved, the model says. */
export interface WeighedPrompt {
  readonly prompt: string;
  readonly candidates: readonly {
    readonly text: string;
    /** How likely the current policy gives it; as likely as the others where no candidate of the prompt has one. */
    readonly reference?: number | undefined;
    /** By objective, all but `love`. */
    readonly rewards: Readonly<Record<string, number>>;
  }[];
}

/** Whether predictions come true: of past policies by the log, or by their answers to fixed prompts. */
export interface ForesightAsked {
  readonly ask: 'foresight';
  readonly answers?: readonly PolicyAnswer[] | undefined;
}

/** Who can move the model. */
export interface AdversariesAsked {
  readonly ask: 'adversaries';
  /** Of users who are adversaries, above 0, 1 at the most. */
  readonly shares?: readonly number[] | undefined;
  /** They love answers with this text in them; without it, those that the model thinks least of. */
  readonly containing?: string | undefined;
}

/** Whether a policy that follows the model would game it: over the log's answers, or over candidates. */
export interface GamingAsked {
  readonly ask: 'gaming';
  readonly pools?: readonly CandidatePool[] | undefined;
  readonly weights?: readonly number[] | undefined;
  /** Answers drawn for each prompt, a run each. */
  readonly best?: readonly number[] | undefined;
}

/** What several weightings of objectives would give. */
export interface ObjectivesAsked {
  readonly ask: 'objectives';
  readonly prompts: readonly WeighedPrompt[];
  readonly weightings: readonly Readonly<Record<string, number>>[];
  readonly constraints: readonly Constraint[];
  /** See `Objectives`. */
  readonly beta: number;
}

export type ModelQuestion = ForesightAsked | AdversariesAsked | GamingAsked | ObjectivesAsked;
