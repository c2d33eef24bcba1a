import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { preProcessFile } from 'typescript';

const root = fileURLToPath(new URL('../../..', import.meta.url));

interface Project {
  readonly name: string;
  readonly folder: string;
}

/** Every project of the workspace, found by its package.json. */
export function workspaceProjects(): Project[] {
  return ['apps', 'libs', 'tests'].flatMap((folder) => projectsUnder(folder));
}

function projectsUnder(folder: string): Project[] {
  const manifest = join(root, folder, 'package.json');
  if (existsSync(manifest)) {
    const { name } = JSON.parse(readFileSync(manifest, 'utf8')) as { name: string };
    return [{ name, folder }];
  }
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
    .flatMap((entry) => projectsUnder(`${folder}/${entry.name}`));
}

/** The TypeScript files of a project, as paths from the root of the workspace. */
export function sourcesOf({ folder }: Project): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.includes('node_modules'))
    .map((path) => `${folder}/${path.replaceAll('\\', '/')}`);
}

/** The files of the workspace that a file imports, for its types or its values, now or late. */
export function importsOf(file: string, projects: readonly Project[]): string[] {
  const { importedFiles } = preProcessFile(readFileSync(join(root, file), 'utf8'), true, true);
  return importedFiles.flatMap(({ fileName }) => {
    if (fileName.startsWith('.')) return [relative(root, resolve(root, dirname(file), fileName))];
    const project = projects.find(({ name }) => name === fileName);
    return project === undefined ? [] : [`${project.folder}/src/index.ts`];
  });
}
