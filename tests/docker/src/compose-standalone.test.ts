import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createdKey, ingestResponse, statusReport } from '@heed/contract';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { BareApp } from './bare-app.ts';
import { BareNetwork } from './bare-network.ts';
import { BareBuilder, writtenSince, type BareImage } from './build-image.ts';
import { readCompose, type Project } from './compose.ts';
import { turnEvent } from './turn-event.ts';

describe('docker/compose.standalone.yaml, bare', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heed-docker-'));
  const network = new BareNetwork();
  let image: BareImage;
  let project: Project;
  let app: BareApp;
  let key: string;
  let url: string;

  const start = (): Promise<BareApp> => {
    const service = project.services['heed'];
    if (service === undefined) throw new Error('there is no service heed');
    return BareApp.start('heed', image, service, network, folder);
  };

  beforeAll(async () => {
    await chmod(folder, 0o755);
    project = await readCompose('compose.standalone.yaml');
    image = await new BareBuilder(inject('stages')).image('standalone');
    await writeFile(join(folder, 'before'), '');
    app = await start();
    url = `http://${network.address('heed')}:8585`;
  });

  afterAll(async () => {
    await app.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const send = (path: string, body?: string): Promise<Response> =>
    fetch(url + path, {
      ...(body !== undefined && { method: 'POST', body }),
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/cloudevents+json' },
    });

  it('publishes its port to this machine alone', () => {
    const ports = Object.values(project.services).flatMap((service) => service.ports);
    expect(ports).toMatchObject([{ host_ip: '127.0.0.1', published: '8585', target: 8585 }]);
  });

  it('lets nobody in until the first key is made by the command that the file tells', async () => {
    expect((await fetch(`${url}/v1/status`)).status).toBe(401);
    const command = 'node dist/heed.js keys create admin --all-tenants --data /var/lib/heed --json';
    key = createdKey.parse(JSON.parse(await app.exec(command.split(' ')))).key;
    expect((await send('/v1/status')).status).toBe(200);
  });

  it('takes an event and shows it, also after it was stopped and started again on its volume', async () => {
    const taken = await send('/v1/events', JSON.stringify(turnEvent('standalone-1')));
    expect(ingestResponse.parse(await taken.json())).toMatchObject({ results: [{ status: 'accepted' }] });
    expect(await app.stop()).toBe(0);
    app = await start();
    await expect.poll(storedEvents, { timeout: 60_000 }).toBe(1);
  });

  it('writes to its volume and /tmp, and nowhere else', async () => {
    expect(project.services['heed']).toMatchObject({ read_only: true, tmpfs: ['/tmp'] });
    expect(readdirSync(join(folder, 'data')).sort()).toContain('postgres');
    expect(await writtenSince(join(folder, 'before'), [image])).toEqual([]);
  });

  it('carries no Node but the one of its base image', () => {
    expect(
      readdirSync(join(image.folder, 'heed/node_modules')).filter((name) => name.startsWith('node-linux')),
    ).toEqual([]);
  });

  async function storedEvents(): Promise<number> {
    const { tenants } = statusReport.parse(await (await send('/v1/status')).json());
    return tenants.find(({ lag }) => lag === 0)?.stored ?? 0;
  }
});
