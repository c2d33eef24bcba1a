import type { SeededRandom } from '@heed/kernel';
import type { Example } from './draw-examples.ts';

/** What a model is trained on, and how its logits come to be those of all examples. */
export interface Sample {
  readonly examples: readonly Example[];
  /** Negatives taken, of how many. */
  readonly negatives: number;
  readonly ofNegatives: number;
  /** Added to a logit that was learned on the sample: logit(share of positives of all) - logit(share in the sample). */
  readonly correction: number;
}

/** Share of positives that the rarer class is brought up to (Reinforcement Learning from User Feedback, 2025). */
const SAMPLED_SHARE = 0.1;

/**
 * Positives brought up to a tenth by taking so many of the negatives only, each as likely: the same logits as by repeating positives, for less work. A
 * sample that has a tenth anyway is all of them. Sampling by label moves every logit by the same amount (Prentice and Pyke 1979), which `correction` takes back.
 */
export function sampleNegatives(examples: readonly Example[], random: SeededRandom): Sample {
  const positives = examples.filter(({ label }) => label === 1).length;
  const ofNegatives = examples.length - positives;
  const most = Math.round((positives * (1 - SAMPLED_SHARE)) / SAMPLED_SHARE);
  if (ofNegatives <= most) return { examples, negatives: ofNegatives, ofNegatives, correction: 0 };
  let [left, wanted] = [ofNegatives, most];
  const sampled = examples.filter(({ label }) => {
    if (label === 1) return true;
    // Selection sampling (Knuth 3.4.2 S): exactly as many as wanted, in order.
    const isTaken = random.next() * left < wanted;
    left--;
    if (isTaken) wanted--;
    return isTaken;
  });
  return { examples: sampled, negatives: most, ofNegatives, correction: Math.log(most / ofNegatives) };
}
