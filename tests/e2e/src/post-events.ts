import { ingestResponse, statusReport, type IngestResponse } from '@heed/contract';
import { setTimeout as delay } from 'node:timers/promises';

/** Posts events as one batch and answers with the fate of each. */
export async function postEvents(
  url: string,
  events: readonly unknown[],
  tenant = 'default',
): Promise<IngestResponse> {
  const response = await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/cloudevents-batch+json', 'heed-tenant': tenant },
    body: JSON.stringify(events),
  });
  return ingestResponse.parse(await response.json());
}

/** Waits until everything accepted is in the warehouse; the test's own time limit bounds it. */
export async function caughtUp(url: string): Promise<void> {
  for (;;) {
    const { tenants } = statusReport.parse(await (await fetch(`${url}/v1/status`)).json());
    if (tenants.every(({ lag }) => lag === 0)) return;
    await delay(20);
  }
}
