import { trainRequests } from '@heed/contract';
import { encoderFolder } from '@heed/onnx';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { writeEncoderFiles } from '../testing/encoder-files.ts';
import { fakeService, type FakeService } from '../testing/fake-service.ts';
import { runHeed } from '../testing/fake-shell.ts';
import { trainedModel } from '../testing/trained-model.ts';

let folder: string;
let directory: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'heed-encoder-'));
  directory = join(folder, 'encoder');
  await writeEncoderFiles(directory);
});
afterEach(() => rm(folder, { recursive: true }));

const lacking = (code: string): string =>
  JSON.stringify({
    ...{ type: `urn:heed:problem:${code}`, status: 409, code, title: 'Encoder lacking' },
    ...{ detail: 'There is no such encoder here: it was given none.', remedy: 'Name its directory.' },
  });

/** A running service that was given no encoder, and what it was asked. */
async function withoutEncoders(): Promise<FakeService & { readonly asked: readonly unknown[] }> {
  const asked: unknown[] = [];
  const refusal =
    (code: string) =>
    (body: string): { status: number; body: string } => {
      asked.push(body === '' ? undefined : JSON.parse(body));
      return { status: 409, body: lacking(code) };
    };
  const service = await fakeService({
    routes: {
      'POST /v1/train/love': refusal('encoder-unknown'),
      'POST /v1/score': refusal('model-needs-encoder'),
      'POST /v1/train/models/love/evaluate': refusal('model-needs-encoder'),
      'POST /v1/train/models/love/score-log': refusal('model-needs-encoder'),
    },
  });
  onTestFinished(() => service.stop());
  return { ...service, asked };
}

describe('--encoder DIR', () => {
  it('asks the service for the encoder by what its files hold, and by no path', async () => {
    const service = await withoutEncoders();
    await runHeed(['train', 'love', '--encoder', 'encoder', '--url', service.url.href], { cwd: folder });
    const { version } = await encoderFolder(directory);
    expect(service.asked).toEqual([{ encoder: version }]);
    expect(trainRequests.love.safeParse(service.asked[0]).success).toBe(true);
  });

  it.each([
    ['train', ['train', 'love']],
    ['evaluate', ['evaluate', 'love']],
    ['score', ['score', 'love']],
    ['score --log', ['score', 'love', '--log']],
  ])('says how to start the service that runs without it: heed %s', async (_, argv) => {
    const service = await withoutEncoders();
    const input = Buffer.from(`${JSON.stringify({ context: [], response: 'sure' })}\n`);
    const at = ['--encoder', directory, '--url', service.url.href, '--json'];
    const { code, stdout } = await runHeed([...argv, ...at], { input, cwd: folder });
    expect(JSON.parse(stdout)).toMatchObject({
      problem: {
        title: expect.stringContaining(
          `it was given none. So answers the Heed at ${service.url.href}`,
        ) as string,
        remedy: expect.stringContaining(`heed start --encoders ${directory}`) as string,
      },
    });
    expect(code).toBe(3);
  });

  it('is given to a service that is started for the command, whose refusal stands', async () => {
    const standalone = `
      import { createServer } from 'node:http';
      import { writeFileSync } from 'node:fs';
      const dir = process.argv[process.argv.indexOf('--data') + 1];
      writeFileSync(dir + '/argv.json', JSON.stringify(process.argv.slice(2)));
      const server = createServer((request, response) => response.writeHead(409).end(${JSON.stringify(lacking('encoder-unknown'))}));
      server.listen(0, '127.0.0.1', () => {
        console.log(JSON.stringify({ url: 'http://127.0.0.1:' + server.address().port, dataDir: dir, readyMs: 1 }));
      });
      process.on('SIGTERM', () => process.exit(0));`;
    await writeFile(join(folder, 'standalone.js'), standalone);
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    const argv = ['train', 'love', '--encoder', 'encoder', '--data', folder, '--json'];
    const { stdout } = await runHeed(argv, { cwd: folder, programs: folder });
    const given = JSON.parse(await readFile(join(folder, 'argv.json'), 'utf8')) as string[];
    expect(given.slice(-2)).toEqual(['--encoders', directory]);
    expect(JSON.parse(stdout)).toMatchObject({ problem: { remedy: 'Name its directory.' } });
  });

  it('that lacks a file says which, before anything is started or asked', async () => {
    const service = await withoutEncoders();
    const broken = join(folder, 'broken');
    await writeEncoderFiles(broken, 'tokenizer.json');
    await writeFile(join(folder, 'love.onnx'), trainedModel().file);
    for (const argv of [
      ['train', 'love'],
      ['evaluate', 'love'],
      ['score', 'love'],
      ['score', 'love.onnx'],
    ]) {
      const run = await runHeed([...argv, '--encoder', broken, '--url', service.url.href, '--json'], {
        cwd: folder,
      });
      expect(JSON.parse(run.stdout)).toMatchObject({
        problem: {
          code: 'encoder-unreadable',
          title: expect.stringContaining('it has no tokenizer.json') as string,
        },
      });
      expect(run.code).toBe(1);
    }
    expect(service.asked).toEqual([]);
  });

  it('may be native, which names none', async () => {
    const service = await withoutEncoders();
    const { stdout } = await runHeed([
      'train',
      'love',
      '--encoder',
      'native',
      '--url',
      service.url.href,
      '--json',
    ]);
    expect(service.asked).toEqual([{}]);
    expect(JSON.parse(stdout)).toMatchObject({ problem: { remedy: 'Name its directory.' } });
  });
});
