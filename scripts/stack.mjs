// `npm run stack`: a Kafka broker and a PostgreSQL server, real ones, on this machine (docs/stack.md).
import { join } from 'node:path';
import { become, bootstrap, root } from './bootstrap.mjs';

const node = await bootstrap({ build: false });
await become(node, join(root, 'tests', 'stack', 'src', 'main.ts'), process.argv.slice(2));
