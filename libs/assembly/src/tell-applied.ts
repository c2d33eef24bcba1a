/** One sentence for people at each step that is worth knowing. */
export type Say = (sentence: string) => void;

export function tellApplied(store: string, applied: readonly string[], say: Say): void {
  const [first] = applied;
  if (first === undefined) return;
  const which =
    applied.length === 1 ? first : `${applied.length} migrations, ${first} to ${applied.at(-1) ?? first}`;
  say(`Applied to ${store}: ${which}.`);
}
