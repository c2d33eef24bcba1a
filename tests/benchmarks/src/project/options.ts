import { parseArgs } from 'node:util';

/** Numbers that a bench was given as `--name value`; others than it knows, or no numbers, are told of. @throws TypeError */
export function numberOptions<Name extends string>(
  args: readonly string[],
  defaults: Readonly<Record<Name, number>>,
): Record<Name, number> {
  const options = Object.fromEntries(
    Object.keys(defaults).map((name) => [name, { type: 'string' as const }]),
  );
  const { values } = parseArgs({ args: [...args], options, strict: true });
  const chosen: Record<Name, number> = { ...defaults };
  for (const name in defaults) {
    const given = values[name];
    if (given === undefined) continue;
    chosen[name] = Number(given);
    if (!Number.isFinite(chosen[name]) || chosen[name] < 0)
      throw new TypeError(`--${name} takes a number, not "${given}"`);
  }
  return chosen;
}
