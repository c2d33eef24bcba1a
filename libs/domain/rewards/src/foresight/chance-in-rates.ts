/** From here on chance has a say in how far rates lie apart: a correlation with them is then at most .9 of what it would be. */
const NOTED_SHARE = 0.2;

/**
 * Variance by chance of a rate that is the mean over prompts of the share loved of each: that of a binomial share of as many turns as their weights come to, a
 * prompt of few turns counting as much as one of many. The rate is drawn to a half by one turn either way, since of none or all loved a share has no variance.
 * It takes turns for independent.
 *
 * @param sizes rated turns of each prompt
 */
export function chanceOfRate(rate: number, sizes: readonly number[]): number {
  const turns = sizes.length ** 2 / sizes.reduce((sum, size) => sum + 1 / size, 0);
  const drawn = (rate * turns + 1) / (turns + 2);
  return (drawn * (1 - drawn)) / turns;
}

/** What is to be said of rates that lie apart by chance as well; nothing where they hardly do. */
export function chanceSays(rates: readonly { readonly observed: number; readonly chance: number }[]): string {
  const mean = rates.reduce((sum, { observed }) => sum + observed, 0) / rates.length;
  const variance = rates.reduce((sum, { observed }) => sum + (observed - mean) ** 2, 0) / (rates.length - 1);
  const byChance = rates.reduce((sum, { chance }) => sum + chance, 0) / rates.length;
  const share = Math.min(1, byChance / variance);
  if (!(share >= NOTED_SHARE)) return '';
  return `Rates of so few turns are noisy: about ${Math.round(100 * share)} % of their variance is what chance makes, and the correlation is the less sure for it.`;
}
