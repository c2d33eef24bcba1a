import type { AdversariesAnswer } from '../questions/model-answers.ts';

const WIDTH = 420;
const LEFT = 70;
const RIGHT = 20;
const STEP = 26;

type Answered = Extract<AdversariesAnswer, { readonly answered: true }>;

/** How far each share of adversaries moves the score of what they love: a line each, from where honest users leave it, over a dot with the caps to one without. What is not known is not drawn. */
export function adversariesSvg({ honest, rows }: Pick<Answered, 'honest' | 'rows'>): string {
  const x = (score: number): string => (LEFT + score * (WIDTH - LEFT - RIGHT)).toFixed(1);
  const from = honest.capped.targetScore;
  const height = (rows.length + 2) * STEP;
  const lines = rows.flatMap(({ share, adversaries, capped, uncapped }, n) => {
    const y = (n + 1) * STEP;
    const dot = (score: number | undefined, caps: string, kind: string): readonly string[] =>
      score === undefined
        ? []
        : [
            `<circle cx="${x(score)}" cy="${y}" r="5"${kind}><title>${adversaries === 1 ? '1 adversary' : `${adversaries} adversaries`}, ${caps} the caps: ${score.toFixed(3)}</title></circle>`,
          ];
    const scores = [from, capped.targetScore, uncapped.targetScore].filter((score) => score !== undefined);
    return [
      `<text x="${LEFT - 8}" y="${y}" text-anchor="end" dominant-baseline="middle">${Number((100 * share).toPrecision(3))} %</text>`,
      ...(scores.length === 0
        ? []
        : [
            `<line x1="${x(Math.min(...scores))}" y1="${y}" x2="${x(Math.max(...scores))}" y2="${y}" class="move"/>`,
          ]),
      ...dot(capped.targetScore, 'with', ''),
      ...dot(uncapped.targetScore, 'without', ' class="without"'),
    ];
  });
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (at) => `<text x="${x(at)}" y="${height - 8}" text-anchor="middle">${at}</text>`,
  );
  return [
    `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Mean score of what adversaries love, by their share of users, with the caps and without">`,
    ...(from === undefined
      ? []
      : [`<line x1="${x(from)}" y1="0" x2="${x(from)}" y2="${height - STEP}" class="ideal"/>`]),
    ...lines,
    ...ticks,
    '</svg>',
  ].join('\n');
}
