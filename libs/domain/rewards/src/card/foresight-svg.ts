import type { ForesightAnswer } from '../questions/model-answers.ts';
import { escaped } from './html.ts';

const SIZE = 320;
const EDGE = 40;

type Policies = Extract<ForesightAnswer, { readonly answered: true }>['policies'];

/** Past policies, a dot each: what was predicted from left to right, what was observed from bottom to top, on one scale; on the diagonal both agree. */
export function foresightSvg(policies: Policies): string {
  const shares = policies.flatMap(({ predicted, observed }) => [predicted, observed]);
  const low = Math.max(0, Math.min(...shares) - 0.05);
  const high = Math.min(1, Math.max(...shares) + 0.05);
  const along = (share: number): number => EDGE + ((share - low) / (high - low)) * (SIZE - 2 * EDGE);
  const x = (share: number): string => along(share).toFixed(1);
  const y = (share: number): string => (SIZE - along(share)).toFixed(1);
  return [
    `<svg viewBox="0 0 ${SIZE} ${SIZE}" role="img" aria-label="Past policies: love rate predicted against love rate observed">`,
    `<rect x="${EDGE}" y="${EDGE}" width="${SIZE - 2 * EDGE}" height="${SIZE - 2 * EDGE}" class="frame"/>`,
    `<line x1="${x(low)}" y1="${y(low)}" x2="${x(high)}" y2="${y(high)}" class="ideal"/>`,
    ...policies.map(
      ({ policy, predicted, observed }) =>
        `<circle cx="${x(predicted)}" cy="${y(observed)}" r="5"><title>${escaped(policy)}: predicted ${predicted.toFixed(3)}, observed ${observed.toFixed(3)}</title></circle>`,
    ),
    ...[low, (low + high) / 2, high].flatMap((at) => [
      `<text x="${x(at)}" y="${SIZE - EDGE + 16}" text-anchor="middle">${at.toFixed(2)}</text>`,
      `<text x="${EDGE - 6}" y="${y(at)}" text-anchor="end" dominant-baseline="middle">${at.toFixed(2)}</text>`,
    ]),
    `<text x="${SIZE / 2}" y="${SIZE - 4}" text-anchor="middle">predicted</text>`,
    `<text x="${EDGE}" y="${EDGE - 12}">observed</text>`,
    '</svg>',
  ].join('\n');
}
