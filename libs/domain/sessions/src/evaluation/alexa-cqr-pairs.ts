import { normaliseText } from '@heed/kernel';
import { z } from 'zod';
import type { LabelledPair } from './labelled-pair.ts';

const turn = z.object({
  turn: z.string(),
  data: z.object({ utterance: z.string() }),
  reformulation: z
    .object({
      base_utt_idx: z.number(),
      reformulated_utt: z.string().nullable(),
      mturk_reformulations: z.array(z.string()).nullish(),
    })
    .nullish(),
});
const dialogues = z.array(z.object({ dialogue: z.array(turn), scenario: z.object({ uuid: z.string() }) }));

type Dialogue = z.infer<typeof dialogues>[number];

/**
 * Pairs of the contextual query rewrite set (Regan et al. 2019), from the parsed JSON of a `cqr_kvret_*_public` file.
 *
 * - Positive: a driver's utterance (`base_utt_idx`), and each wording in which an annotator or a crowd worker said the same
 *   again so that it stands alone (`reformulated_utt`, `mturk_reformulations`); each distinct normalised wording once, the
 *   utterance itself left out. These are people's reformulations, though written down rather than spoken in trouble.
 * - Negative: two neighbouring driver utterances of one dialogue as they were said, unless they are equal when normalised.
 *   They mostly share the topic, so that the topic alone does not give the answer. Which of them repair was not annotated.
 *
 * Throws ZodError when the JSON is something else.
 */
export function alexaCqrPairs(json: unknown): readonly LabelledPair[] {
  return dialogues.parse(json).flatMap((dialogue) => [...reformulated(dialogue), ...neighbouring(dialogue)]);
}

function reformulated({ dialogue, scenario }: Dialogue): readonly LabelledPair[] {
  return dialogue.flatMap(({ reformulation }) => {
    const base = reformulation ? dialogue[reformulation.base_utt_idx]?.data.utterance : undefined;
    if (!reformulation || base === undefined) return [];
    const wordings = [reformulation.reformulated_utt ?? '', ...(reformulation.mturk_reformulations ?? [])];
    const distinct = new Map(wordings.map((wording) => [normaliseText(wording), wording]));
    distinct.delete('');
    distinct.delete(normaliseText(base));
    return [...distinct.values()].map((later) => ({
      group: scenario.uuid,
      earlier: base,
      later,
      reformulation: true,
    }));
  });
}

function neighbouring({ dialogue, scenario }: Dialogue): readonly LabelledPair[] {
  const said = dialogue.filter(({ turn: by }) => by === 'driver').map(({ data }) => data.utterance);
  return said.slice(1).flatMap((later, i) => {
    const earlier = said[i] ?? '';
    if (normaliseText(earlier) === normaliseText(later)) return [];
    return [{ group: scenario.uuid, earlier, later, reformulation: false }];
  });
}
