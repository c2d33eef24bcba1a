import { gateThresholds, type GateThresholds } from '@heed/contract';
import { UsageFault } from '../usage-fault.ts';

const NAMES = Object.keys(gateThresholds.shape).join(', ');

/** `sessions=3` and the like, as they were typed, into thresholds. Throws UsageFault. */
export function gatesOf(options: readonly string[]): GateThresholds {
  const given = options.map((option) => {
    const [, name, value] = /^([^=]+)=(.+)$/.exec(option) ?? [];
    if (name === undefined || value === undefined || !Number.isFinite(Number(value))) {
      throw new UsageFault(
        `--gate ${option} is not NAME=VALUE`,
        `Write it like --gate sessions=10. Gates: ${NAMES}.`,
      );
    }
    return [name, Number(value)];
  });
  const thresholds = gateThresholds.safeParse(Object.fromEntries(given));
  if (thresholds.success) return thresholds.data;
  const issue = thresholds.error.issues[0];
  const what =
    issue?.code === 'unrecognized_keys' ? `there is no gate ${issue.keys.join(', ')}` : issue?.message;
  throw new UsageFault(
    `--gate ${issue?.path.join('.') ?? ''}: ${what}`.replace(' :', ':'),
    `Gates: ${NAMES}.`,
  );
}
