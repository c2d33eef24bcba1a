// Writes docs/tour/help-desk.csv: simulated sessions of the help-desk scenario, as an application might export its log.
// Run with the pinned Node: npx node scripts/write-sample-log.mjs
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '@heed/kernel';
import { csvLine, helpDesk, LOG_COLUMNS, logRows, simulateSessions } from '@heed/simulation';

const options = { sessions: 420, users: 120, untilMs: Date.UTC(2026, 3, 1), days: 10, prefix: 'visit' };
const rows = [LOG_COLUMNS, ...[...simulateSessions(helpDesk, seededRandom(42), options)].flatMap(logRows)];
const path = join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs/tour/help-desk.csv');
writeFileSync(path, rows.map(csvLine).join(''));
