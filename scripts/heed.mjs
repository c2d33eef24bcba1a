#!/usr/bin/env node
import { join } from 'node:path';
import { become, bootstrap, root } from './bootstrap.mjs';

const node = await bootstrap();
await become(node, join(root, 'dist', 'heed.js'), process.argv.slice(2));
