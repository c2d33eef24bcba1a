// The ClickHouse front as a process of its own, which can be killed and paused: `node clickhouse-front-main.ts FOLDER PORT`.
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { openClickHouseFront } from '@heed/testing-clickhouse';
import { z } from 'zod';

const [, , folder, port] = z
  .tuple([z.string(), z.string(), z.string(), z.coerce.number()])
  .parse(process.argv);
const refusals = join(folder, 'refused-inserts');

const front = await openClickHouseFront({
  folder,
  port,
  refusesInserts: () => {
    if (!existsSync(refusals)) return false;
    appendFileSync(refusals, '.');
    return true;
  },
});
process.once('SIGTERM', () => void front.close());
process.stdout.write(`listening at ${front.url}\n`);
