import type { JudgedFigures } from './model-card.ts';

const SIZE = 320;
const EDGE = 40;

/** The reliability diagram: what was said from left to right, what was seen from bottom to top, a dot a bin by its cases; on the diagonal both agree. */
export function reliabilitySvg(bins: JudgedFigures['reliability']): string {
  const most = Math.max(1, ...bins.map(({ cases }) => cases));
  const dots = bins.map(({ cases, said, seen }) => {
    const radius = 3 + 5 * Math.sqrt(cases / most);
    return `<circle cx="${x(said)}" cy="${y(seen)}" r="${radius.toFixed(1)}"><title>${cases} cases: said ${said.toFixed(3)}, seen ${seen.toFixed(3)}</title></circle>`;
  });
  const line = bins.map(({ said, seen }) => `${x(said)},${y(seen)}`).join(' ');
  const ticks = [0, 0.25, 0.5, 0.75, 1].flatMap((at) => [
    `<text x="${x(at)}" y="${SIZE - EDGE + 16}" text-anchor="middle">${at}</text>`,
    `<text x="${EDGE - 6}" y="${y(at)}" text-anchor="end" dominant-baseline="middle">${at}</text>`,
  ]);
  return [
    `<svg viewBox="0 0 ${SIZE} ${SIZE}" role="img" aria-label="Reliability diagram: probability said against share seen">`,
    `<rect x="${EDGE}" y="${EDGE}" width="${SIZE - 2 * EDGE}" height="${SIZE - 2 * EDGE}" class="frame"/>`,
    `<line x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}" class="ideal"/>`,
    `<polyline points="${line}"/>`,
    ...dots,
    ...ticks,
    `<text x="${SIZE / 2}" y="${SIZE - 4}" text-anchor="middle">said</text>`,
    `<text x="${EDGE}" y="${EDGE - 12}">seen</text>`,
    '</svg>',
  ].join('\n');
}

function x(share: number): string {
  return (EDGE + share * (SIZE - 2 * EDGE)).toFixed(1);
}

function y(share: number): string {
  return (SIZE - EDGE - share * (SIZE - 2 * EDGE)).toFixed(1);
}
