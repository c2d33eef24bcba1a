/** As JSON has it, which knows no NaN. */
export function told(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
