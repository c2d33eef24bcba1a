import { pythonEnvironment } from '@heed/test-e2e';
import { join } from 'node:path';
import { repositoryFolder } from '../repository-folder.ts';

/** The Python that has what a requirements file names: HEED_BENCH_PYTHON, or one made once beside this checkout's packages. Throws as `pythonEnvironment`. */
export function pythonWith(requirements: string): string {
  const cache = join(repositoryFolder('node_modules'), '.cache');
  return process.env['HEED_BENCH_PYTHON'] ?? pythonEnvironment(cache, requirements);
}
