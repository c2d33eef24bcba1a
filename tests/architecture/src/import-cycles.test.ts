import { describe, expect, it } from 'vitest';
import { findCycles } from './find-cycles.ts';
import { importsOf, sourcesOf, workspaceProjects } from './workspace-sources.ts';

const projects = workspaceProjects();
const isTest = (file: string) => /\.(test|spec|contract)\.ts$/.test(file);
const projectOf = (file: string) =>
  projects.find(({ folder }) => file.startsWith(`${folder}/`))?.name ?? file;

const byFile = new Map(projects.flatMap(sourcesOf).map((file) => [file, importsOf(file, projects)] as const));

/** What is imported by a project's tests alone does not tie the projects together. */
function byProject(): Map<string, string[]> {
  const graph = new Map<string, string[]>(projects.map(({ name }) => [name, []]));
  for (const [file, imported] of byFile) {
    if (isTest(file)) continue;
    const from = projectOf(file);
    graph.get(from)?.push(...imported.map(projectOf).filter((to) => to !== from));
  }
  return graph;
}

describe('Imports', () => {
  it('never go in a circle between projects', () => {
    expect(findCycles(byProject())).toEqual([]);
  });

  it('never go in a circle between files', () => {
    expect(findCycles(byFile)).toEqual([]);
  });
});

describe('The search for cycles', () => {
  it('finds each circle once and nothing beside it', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', ['a']],
      ['d', ['d']],
      ['e', ['a', 'f']],
      ['f', []],
    ]);
    expect(findCycles(graph)).toEqual([['d'], ['a', 'b', 'c']]);
  });
});
