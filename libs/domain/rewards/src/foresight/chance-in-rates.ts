/** From here on chance has a say in how far rates lie apart: a correlation with them is then at most .9 of what it would be. */
const NOTED_SHARE = 0.2;

/** Rated turns of a prompt. */
export interface RatedPrompt {
  readonly loved: number;
  readonly rated: number;
}

/**
 * Variance by chance of a rate that is the mean over prompts of the share loved of each: of k binomial shares the sum of p (1 - p) / n, over k squared. Each p is
 * drawn by two turns to the rate of all, and that by one turn either way to a half, since a share of none or all has no variance of its own. It takes turns for independent.
 */
export function chanceOfRate(prompts: readonly RatedPrompt[]): number {
  const [loved, rated] = [sumOf(prompts, (prompt) => prompt.loved), sumOf(prompts, (prompt) => prompt.rated)];
  const ofAll = (loved + 1) / (rated + 2);
  return (
    sumOf(prompts, (prompt) => {
      const share = (prompt.loved + 2 * ofAll) / (prompt.rated + 2);
      return (share * (1 - share)) / prompt.rated;
    }) /
    prompts.length ** 2
  );
}

function sumOf<T>(all: readonly T[], value: (one: T) => number): number {
  return all.reduce((sum, one) => sum + value(one), 0);
}

/** What is to be said of rates that lie apart by chance as well; nothing where they hardly do. */
export function chanceSays(rates: readonly { readonly observed: number; readonly chance: number }[]): string {
  const mean = rates.reduce((sum, { observed }) => sum + observed, 0) / rates.length;
  const variance = rates.reduce((sum, { observed }) => sum + (observed - mean) ** 2, 0) / (rates.length - 1);
  const byChance = rates.reduce((sum, { chance }) => sum + chance, 0) / rates.length;
  const share = Math.min(1, byChance / variance);
  if (!(share >= NOTED_SHARE)) return '';
  return `Rates lie close for so few turns: about ${Math.round(100 * share)} % of their variance is what chance makes, and the correlation is the less sure for it.`;
}
