import { statusReport, type Accounting } from '@heed/contract';

/** A tenant's accounting in what `/v1/status` answered; null where there is none yet. */
export function accountIn(answer: string | null, tenant: string): Accounting | null {
  if (answer === null) return null;
  return statusReport.parse(JSON.parse(answer)).tenants.find((one) => one.tenant === tenant) ?? null;
}
