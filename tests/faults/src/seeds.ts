import { z } from 'zod';

const IN_CI = 3;
const AT_LENGTH = 20;

const environment = z.object({
  CI: z.string().optional(),
  FAULT_SEEDS: z
    .string()
    .regex(/^\d+(?:,\d+)*$/u, 'must be seeds with commas between them, such as 7,12')
    .optional(),
});

/** Which seeds the fault tests run: `FAULT_SEEDS=7,12` names them, else three where `CI` is set, else twenty. */
export function faultSeeds(): readonly number[] {
  const { CI, FAULT_SEEDS } = environment.parse(process.env);
  if (FAULT_SEEDS !== undefined) return FAULT_SEEDS.split(',').map(Number);
  return Array.from({ length: CI ? IN_CI : AT_LENGTH }, (_, index) => index + 1);
}
