import { describe, expect, it } from 'vitest';
import { APPS, readDockerfile } from './dockerfile.ts';

describe.each(APPS)('docker/Dockerfile for %s', (app) => {
  it('is as `docker build --check` wants it', async () => {
    expect((await readDockerfile(app)).complaints).toEqual([]);
  });

  it('starts that app alone, without a shell, as nobody special', async () => {
    const { image } = await readDockerfile(app);
    expect(image.Entrypoint).toEqual(['node', '--enable-source-maps', `dist/${app}.js`]);
    expect(image.User).toBe('1000:1000');
    expect(image.WorkingDir).toBe('/heed');
  });

  it('asks a service for its health and stops it in order', async () => {
    const { image } = await readDockerfile(app);
    const isService = app !== 'heed';
    expect(image.Healthcheck?.Test).toEqual(
      isService ? ['CMD', 'node', 'docker/health-check.mjs'] : undefined,
    );
    expect(image.StopSignal).toBe(isService ? 'SIGTERM' : undefined);
    expect(Object.keys(image.ExposedPorts ?? {})).toEqual(isService ? ['8585/tcp'] : []);
  });
});

describe('docker/Dockerfile', () => {
  it('is sent the sources and nothing else', async () => {
    const { context } = await readDockerfile('standalone');
    const strangers = /(?:^|\/)(?:node_modules|dist|\.git|heed-data)\/|\.test\.ts$|\.env$/;
    expect(context.filter((file) => strangers.test(file))).toEqual([]);
    expect(new Set(context.map((file) => file.split('/')[0]))).toEqual(
      new Set([
        ...['apps', 'docker', 'libs', 'migrations', 'scripts', 'tests', 'tools'],
        ...['.npmrc', 'LICENSE', 'package.json', 'package-lock.json', 'tsconfig.base.json'],
      ]),
    );
  });

  it('puts no step into the image itself but copies, so that it is the same on every platform', async () => {
    const { stages } = await readDockerfile('standalone');
    const building = ['build', 'packages', 'packages-with-engines'];
    const inImage = stages.filter(({ name }) => !building.includes(name));
    expect(inImage.flatMap(({ steps }) => steps).filter(({ kind }) => kind === 'run')).toEqual([]);
  });

  it('has steps that can run bare', async () => {
    const { stages } = await readDockerfile('standalone');
    const runs = stages.flatMap(({ steps }) => steps).filter((step) => step.kind === 'run');
    expect(runs.length).toBeGreaterThan(3);
    for (const { run } of runs) expect(run).not.toMatch(/(?:^|[\s'"=])\//);
  });
});
