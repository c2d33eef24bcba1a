import type { ModelPurpose } from '../serving/model-file.ts';

/** How messages call what makes turns examples. */
export interface EvidenceWords {
  readonly one: string;
  readonly many: string;
  /** Any of them, as what a turn may have. */
  readonly any: string;
  /** Events to send more of. */
  readonly events: string;
  /** What tells whose they are. */
  readonly who: string;
  /** What a positive example is. */
  readonly positive: string;
}

const REACTIONS: EvidenceWords = {
  one: 'reaction',
  many: 'reactions',
  any: 'a reaction',
  events: 'reaction events',
  who: 'who reacts in `user`',
  positive: 'a positive example',
};

const VERDICTS: EvidenceWords = {
  one: 'verdict',
  many: 'verdicts',
  any: 'an outcome named success, a rating or a reaction',
  events: 'outcome events named success, ratings or reactions',
  who: 'who asks and who judges in `user`',
  positive: 'a positive example, one that failed',
};

export function evidenceWords(purpose: ModelPurpose): EvidenceWords {
  return purpose === 'defect' ? VERDICTS : REACTIONS;
}
