import { UsageFault } from '../usage-fault.ts';

/** `love=0.1,help=1` as it was typed into an option. Throws UsageFault. */
export function namedNumbers(option: string, text: string): Readonly<Record<string, number>> {
  const pairs = text.split(',').map((pair): readonly [string, number] => {
    const [, name, number] = /^\s*([^=]+?)\s*=\s*(\S+)\s*$/.exec(pair) ?? [];
    if (name === undefined || number === undefined || !Number.isFinite(Number(number)))
      throw new UsageFault(
        `--${option} ${text} is not NAME=NUMBER`,
        `Write it like --${option} love=0.1, more of them with commas.`,
      );
    return [name, Number(number)];
  });
  return Object.fromEntries(pairs);
}
