import { ingestResponse } from '@heed/contract';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { bundleForBrowsers, pageInputs } from './bundle-sdk.ts';

const HTML = '<!doctype html><title>Heed</title><script type="module" src="/page.js"></script>';
const batch = z.array(z.object({ id: z.string() }));

/** What the front does with the answers of the service: passes them on, or lets the browser wait for ever. */
type Answers = 'passed' | 'held';

interface SeenRequest {
  readonly ids: readonly string[];
  readonly contentType: string;
  readonly bytes: number;
}

/** One origin for the page and the service behind it, that sees every request and every answer. */
export class Front {
  answers: Answers = 'passed';
  readonly requests: SeenRequest[] = [];
  /** By event: what the service said of it, each time. */
  readonly fates = new Map<string, string[]>();
  readonly #files: ReadonlyMap<string, string>;
  readonly #service: string;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  #watchers: { readonly holds: () => boolean; readonly tell: () => void }[] = [];

  private constructor(service: string, files: ReadonlyMap<string, string>) {
    this.#service = service;
    this.#files = files;
  }

  static async before(service: string): Promise<Front> {
    const chunks = await bundleForBrowsers(pageInputs);
    const front = new Front(service, new Map(chunks.map(({ fileName, code }) => [`/${fileName}`, code])));
    front.#server.listen(0, '127.0.0.1');
    await once(front.#server, 'listening');
    return front;
  }

  get url(): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}`;
  }

  /** Resolves when the service has said something of every one of the events. */
  async heardOf(ids: readonly string[]): Promise<void> {
    const holds = (): boolean => ids.every((id) => this.fates.has(id));
    if (!holds()) await new Promise<void>((tell) => this.#watchers.push({ holds, tell }));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://front').pathname;
    if (path === '/v1/events') return this.#forward(request, response);
    const code = this.#files.get(path);
    if (code !== undefined) response.writeHead(200, { 'content-type': 'text/javascript' }).end(code);
    else if (path === '/') response.writeHead(200, { 'content-type': 'text/html' }).end(HTML);
    else response.writeHead(404).end();
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const contentType = request.headers['content-type'] ?? '';
    const ids = batch.parse(JSON.parse(body)).map(({ id }) => id);
    this.requests.push({ ids, contentType, bytes: Buffer.byteLength(body) });
    const answers = this.answers;
    const answered = await fetch(`${this.#service}${request.url ?? ''}`, {
      method: 'POST',
      headers: { 'content-type': contentType },
      body,
    });
    const answer = await answered.text();
    for (const { id, status } of ingestResponse.parse(JSON.parse(answer)).results)
      if (id !== null) this.fates.set(id, [...(this.fates.get(id) ?? []), status]);
    if (answers === 'passed')
      response.writeHead(answered.status, { 'content-type': 'application/json' }).end(answer);
    for (const { holds, tell } of this.#watchers) if (holds()) tell();
    this.#watchers = this.#watchers.filter(({ holds }) => !holds());
  }
}
