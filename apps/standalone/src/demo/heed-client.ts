import {
  decideResponse,
  fixList,
  fixView,
  ingestResponse,
  lagReport,
  mineReport,
  problem,
  statusReport,
  TENANT_HEADER,
  type DecideResponse,
  type FixView,
  type MineReport,
  type StatusReport,
} from '@heed/contract';
import { Fault } from '@heed/kernel';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

const POLL_MS = 50;

const lastLine = z.union([z.object({ result: mineReport }), z.object({ problem })]);

/** As much of Heed's own API as the demo walks through: the demo takes the way every application takes. */
export class DemoClient {
  readonly #url: string;
  readonly #tenant: string;
  readonly #key: string;

  constructor(url: string, tenant: string, key: string) {
    this.#url = url;
    this.#tenant = tenant;
    this.#key = key;
  }

  async emit(events: readonly unknown[]): Promise<void> {
    const body = await this.#call('POST', '/v1/events', events, 'application/cloudevents-batch+json');
    const refused = ingestResponse
      .parse(JSON.parse(body))
      .results.find(({ status }) => status === 'dead-lettered');
    if (refused)
      throw new Fault('demo-refused', `A demo event was refused: ${refused.detail ?? ''}`, 'Report this.');
  }

  /** A demo was begun and did not come to its end. */
  async isUnfinished(): Promise<boolean> {
    const { tenants } = await this.#status();
    const begun = tenants.some(({ tenant, accepted }) => tenant === this.#tenant && accepted > 0);
    return begun && (await this.fixes()).every(({ status }) => status === 'proposed');
  }

  /** Waits until everything that is in the log now shows in the warehouse. */
  async caughtUp(): Promise<void> {
    const wait = `demo-${randomUUID()}`;
    while ((await this.#ahead(wait)) > 0) await delay(POLL_MS);
  }

  async mine(): Promise<MineReport> {
    const lines = (await this.#call('POST', '/v1/mine', {})).trim().split('\n');
    const last = lastLine.parse(JSON.parse(lines.at(-1) ?? '{}'));
    if ('result' in last) return last.result;
    throw new Fault(last.problem.code, last.problem.detail, last.problem.remedy);
  }

  async fixes(): Promise<readonly FixView[]> {
    return fixList.parse(JSON.parse(await this.#call('GET', '/v1/fixes'))).fixes;
  }

  async putLive(fix: string, why: string): Promise<FixView> {
    return fixView.parse(JSON.parse(await this.#call('POST', `/v1/fixes/${fix}/live`, { who: 'demo', why })));
  }

  async decide(text: string): Promise<DecideResponse> {
    return decideResponse.parse(JSON.parse(await this.#call('POST', '/v1/decide', { text })));
  }

  async #ahead(wait: string): Promise<number> {
    const { ahead } = lagReport.parse(JSON.parse(await this.#call('GET', `/v1/lag?wait=${wait}`)));
    return ahead ?? 0;
  }

  async #status(): Promise<StatusReport> {
    return statusReport.parse(JSON.parse(await this.#call('GET', '/v1/status')));
  }

  async #call(method: string, path: string, body?: unknown, type = 'application/json'): Promise<string> {
    const response = await fetch(this.#url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.#key}`,
        [TENANT_HEADER]: this.#tenant,
        ...(body === undefined ? {} : { 'content-type': type }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.ok) return text;
    const { code, detail, remedy } = problem.parse(JSON.parse(text));
    throw new Fault(code, detail, remedy);
  }
}
