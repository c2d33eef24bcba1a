import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { readDockerfile, root, type App, type Dockerfile, type Stage, type Step } from './dockerfile.ts';
import { output } from './run.ts';
import { z } from 'zod';

export interface BareImage {
  /** What is `/` in the image. */
  readonly folder: string;
  readonly config: Dockerfile['image'];
}

const settled = z.object({ workdir: z.string(), env: z.record(z.string(), z.string()) });

interface Built extends z.infer<typeof settled> {
  readonly folder: string;
}

/**
 * Does what docker/Dockerfile says, in folders instead of layers: stage by stage, with the files that its ignore file lets through. In place of `node:24-slim`
 * there is this Node alone; what a program needs of the rest of that image is not proven here. Steps run where WORKDIR says, without a change of root, so what
 * they do must not name absolute paths (the test of the Dockerfile sees to it).
 * A stage that stands finished in the folder is not built again.
 */
export class BareBuilder {
  readonly #folder: string;
  readonly #stages = new Map<string, Promise<Built>>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async image(app: App): Promise<BareImage> {
    const file = await readDockerfile(app);
    const { folder } = await this.#stage(app, file);
    return { folder, config: file.image };
  }

  #stage(name: string, file: Dockerfile): Promise<Built> {
    const built = this.#stages.get(name) ?? this.#build(name, file);
    this.#stages.set(name, built);
    return built;
  }

  async #build(name: string, file: Dockerfile): Promise<Built> {
    const stage = file.stages.find((each) => each.name === name);
    if (stage === undefined) throw new Error(`the Dockerfile has no stage ${name}`);
    const folder = join(this.#folder, name);
    const finished = `${folder}.json`;
    if (existsSync(finished))
      return { folder, ...settled.parse(JSON.parse(await readFile(finished, 'utf8'))) };
    await mkdir(folder, { recursive: true, mode: 0o755 });
    let { workdir, env } = await this.#begin(stage, file, folder);
    for (const step of stage.steps) {
      switch (step.kind) {
        case 'workdir':
          workdir = resolve(workdir, step.path);
          await mkdir(join(folder, workdir), { recursive: true });
          break;
        case 'env':
          env = { ...env, ...step.env };
          break;
        case 'run':
          await output('sh', ['-c', step.run], {
            cwd: join(folder, workdir),
            env: {
              ...env,
              PATH: `${join(folder, 'usr/local/bin')}:${dirname(process.execPath)}:/usr/bin:/bin`,
            },
          });
          break;
        case 'copy':
          await this.#copy(step, file, folder, workdir);
          break;
      }
    }
    await writeFile(finished, JSON.stringify({ workdir, env }));
    return { folder, workdir, env };
  }

  async #begin(stage: Stage, file: Dockerfile, folder: string): Promise<Omit<Built, 'folder'>> {
    if (file.stages.some(({ name }) => name === stage.base)) {
      const base = await this.#stage(stage.base, file);
      await copyTree(base.folder, folder);
      return base;
    }
    const programs = join(folder, 'usr/local/bin');
    await mkdir(programs, { recursive: true });
    await cp(process.execPath, join(programs, 'node'));
    return { workdir: '/', env: {} };
  }

  async #copy(
    { from, sources, path, owner }: Step & { kind: 'copy' },
    file: Dockerfile,
    folder: string,
    workdir: string,
  ): Promise<void> {
    const target = join(folder, resolve(workdir, path));
    const intoFolder = path.endsWith('/') || sources.length > 1;
    if (from === '') {
      for (const source of sources) await copyFromContext(file.context, source, target, intoFolder);
    } else {
      const other = await this.#stage(from, file);
      for (const source of sources) await copyTree(join(other.folder, source), target);
    }
    if (owner !== '' && process.getuid?.() === 0) {
      const [uid = 0, gid = 0] = owner.split(':').map(Number);
      await chown(target, uid, gid);
      for (const entry of await readdir(target, { recursive: true }))
        await chown(join(target, entry), uid, gid);
    }
  }
}

async function copyFromContext(
  context: readonly string[],
  source: string,
  target: string,
  intoFolder: boolean,
): Promise<void> {
  const isFolder = !context.includes(source);
  const files = isFolder
    ? context.filter((file) => source === '.' || file.startsWith(`${source}/`))
    : [source];
  if (files.length === 0) throw new Error(`COPY ${source}: the ignore file lets none of it through`);
  for (const name of files) {
    const inside = source === '.' ? name : name.slice(source.length + 1);
    const place = isFolder ? join(target, inside) : intoFolder ? join(target, basename(name)) : target;
    await mkdir(dirname(place), { recursive: true });
    await cp(join(root, name), place);
    await chmod(place, (await stat(place)).mode | 0o044);
  }
}

/** What in these images was written since the file was: nothing, if their file systems may be read-only. */
export async function writtenSince(file: string, images: readonly BareImage[]): Promise<readonly string[]> {
  const found = await output('find', [...images.map(({ folder }) => folder), '-newer', file]);
  return found.split('\n').filter((line) => line !== '');
}

/** The contents of a folder into another, as links to the same files: nobody changes a file of a finished stage. */
async function copyTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await output('cp', ['--archive', '--link', `${from}/.`, to]);
}
