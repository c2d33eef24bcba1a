// The ClickHouse front as a process of its own, which can be killed and paused: `node clickhouse-front-main.ts FOLDER PORT`.
import { appendFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { openClickHouseFront } from '@heed/testing-clickhouse';
import { z } from 'zod';
import { openHeldChange } from './held-change.ts';

const [, , folder, port] = z
  .tuple([z.string(), z.string(), z.string(), z.coerce.number()])
  .parse(process.argv);
const refusals = join(folder, 'refused-inserts');
const holding = openHeldChange(folder);

const front = await openClickHouseFront({
  folder,
  port,
  refusesInserts: () => {
    if (!existsSync(refusals)) return false;
    appendFileSync(refusals, `${performance.timeOrigin + performance.now()}\n`);
    return true;
  },
  beforeChange: holding,
});
process.once('SIGTERM', () => void front.close());
process.stdout.write(`listening at ${front.url}\n`);
