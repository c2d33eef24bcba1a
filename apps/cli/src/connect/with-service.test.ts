import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeService } from '../testing/fake-service.ts';
import { runHeed } from '../testing/fake-shell.ts';

/** Speaks as the real program does to whoever starts it: says where it is, answers, notes how it was stopped. */
const STANDALONE = `
  import { createServer } from 'node:http';
  import { writeFileSync } from 'node:fs';
  const dir = process.argv[process.argv.indexOf('--data') + 1];
  const report = { accepted: 1, stored: 1, waiting: 0, deadLettered: 0, redriven: 0, lag: 0, balanced: true, versions: {}, problems: [] };
  const server = createServer((request, response) => response.end(JSON.stringify(report)));
  server.listen(0, '127.0.0.1', () => {
    const url = 'http://127.0.0.1:' + server.address().port;
    console.log(JSON.stringify({ url, dataDir: dir, readyMs: 1 }));
  });
  process.on('SIGTERM', () => {
    writeFileSync(dir + '/stopped.json', JSON.stringify(process.argv.slice(2)));
    process.exit(0);
  });
`;

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'heed-cli-'))));
afterEach(() => rm(folder, { recursive: true }));

const doctor = (): ReturnType<typeof runHeed> =>
  runHeed(['doctor', '--json', '--data', folder], { programs: folder });

describe('a command on a data folder', () => {
  it('starts the service for the time of the command and stops it', async () => {
    await writeFile(join(folder, 'standalone.js'), STANDALONE);
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    const run = await doctor();
    expect(JSON.parse(run.stdout)).toMatchObject({ balanced: true });
    const args = JSON.parse(await readFile(join(folder, 'stopped.json'), 'utf8')) as string[];
    expect(args).toEqual(['--data', folder, '--port', '0', '--no-demo', '--parent-exits', '--json']);
  });

  it('uses the service that runs on the folder already', async () => {
    const report = {
      accepted: 7,
      stored: 7,
      waiting: 0,
      deadLettered: 0,
      redriven: 0,
      lag: 0,
      balanced: true,
      versions: {},
      problems: [],
    };
    const service = await fakeService({
      routes: {
        'GET /health/live': () => ({ body: '{}' }),
        'GET /v1/doctor': () => ({ body: JSON.stringify(report) }),
      },
    });
    const entry = { pid: process.pid, url: service.url.href, version: '0.1.0' };
    await writeFile(join(folder, 'heed.service.json'), JSON.stringify(entry));
    const run = await doctor();
    await service.stop();
    expect(JSON.parse(run.stdout)).toMatchObject({ accepted: 7 });
  });

  it('is not led astray by what a dead service left behind', async () => {
    await writeFile(
      join(folder, 'heed.service.json'),
      '{"pid": 1, "url": "http://127.0.0.1:9", "version": "0"}',
    );
    await writeFile(join(folder, 'standalone.js'), STANDALONE);
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    expect((await doctor()).code).toBe(0);
  });

  it('waits for a folder that is still being closed', async () => {
    const inUse = {
      code: 'data-folder-in-use',
      title: 'The folder is in use by the process 7.',
      remedy: 'Wait.',
    };
    const twice = `
      import { existsSync, writeFileSync as touch } from 'node:fs';
      const tried = ['once', 'twice'].map((name) => import.meta.dirname + '/' + name);
      const first = tried.find((path) => !existsSync(path));
      if (first !== undefined) {
        touch(first, '');
        console.log(${JSON.stringify(JSON.stringify({ problem: inUse }))});
        process.exit(1);
      }`;
    await writeFile(join(folder, 'standalone.js'), `${twice}\n${STANDALONE}`);
    await writeFile(join(folder, 'package.json'), '{"type":"module"}');
    const { code, stderr } = await doctor();
    expect(code).toBe(0);
    expect(stderr).toBe('heed: The folder is in use by the process 7. Waiting until it is done.\n');
  });

  it('says what the service said when it does not start', async () => {
    await writeFile(join(folder, 'standalone.js'), 'console.error("no such luck"); process.exit(1);');
    const { code, stdout } = await doctor();
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      problem: { code: 'service-did-not-start', title: expect.stringContaining('no such luck') as string },
    });
  });

  it('does not take words for the code of a folder in use', async () => {
    const program =
      'console.error("heed: the port is in use by another\\n      Take another."); process.exit(1);';
    await writeFile(join(folder, 'standalone.js'), program);
    expect(JSON.parse((await doctor()).stdout)).toMatchObject({ problem: { code: 'service-did-not-start' } });
  });

  it('takes title and remedy from what the service told people', async () => {
    const program = 'console.error("heed: it is of a newer version\\n      Install that."); process.exit(1);';
    await writeFile(join(folder, 'standalone.js'), program);
    expect(JSON.parse((await doctor()).stdout)).toMatchObject({
      problem: { title: 'it is of a newer version', remedy: 'Install that.' },
    });
  });

  it("passes the service's own problem on", async () => {
    const problem = { code: 'folder-in-use', title: 'another Heed owns it', remedy: 'Stop process 7.' };
    const program = `console.error(${JSON.stringify(JSON.stringify({ problem }))}); process.exit(1);`;
    await writeFile(join(folder, 'standalone.js'), program);
    expect(JSON.parse((await doctor()).stdout)).toEqual({ problem });
  });

  it('says how to build a checkout that was not built', async () => {
    expect(JSON.parse((await doctor()).stdout)).toMatchObject({ problem: { code: 'not-built' } });
  });
});
