#!/usr/bin/env node
// Turns the files of the User Satisfaction Simulation data (USS: CCPE, SGD, MWOZ, ReDial, JDDC) into CloudEvents JSONL:
//
//   node docs/import/uss-to-cloudevents.mjs ../shared/data/uss/SGD.txt.gz | npx heed import -
//
// It reads one dialogue at a time, `.gz` or plain, from any number of files or from stdin (`-`), and needs nothing but
// Node 20. It is also the pattern for a log of your own that no mapping fits: read a session, write its events.
//
// A file is rows `role TAB text TAB action TAB ratings [TAB explanation]`, dialogues are separated by blank lines. Of each
// dialogue come
// - a turn for every USER row, with the SYSTEM rows after it as its response; a dialogue that the system opens begins
//   with a turn whose request is empty; its user is the dialogue's own, since who spoke in it spoke in no other that is known;
// - a rating `satisfaction` (1 to 5) on the turn for every rater of the row, not their mean: raters agree exactly on two
//   rows of three only, and how far they are apart cannot be had back from a mean. They carry no user, because the same
//   place in two rows need not be the same person;
// - from the row OVERALL the same without a turn, for the whole session, and an outcome `success`: true when the mean is
//   above 3, false below, none at 3.
// The data has no times. Dialogues are an hour apart and turns 20 seconds, from a fixed start, so that the same file gives
// the same events; every turn says so in its attribute `syntheticTime`.

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

const START_MS = Date.UTC(2021, 0, 1);
const BETWEEN_DIALOGUES_MS = 3_600_000;
const BETWEEN_TURNS_MS = 20_000;
const SCALE = { min: 1, max: 5 };

async function* eventLines(files) {
  for (const file of files) {
    const corpus =
      file === '-'
        ? 'stdin'
        : basename(file)
            .replace(/\.txt(\.gz)?$/u, '')
            .toLowerCase();
    let number = 0;
    for await (const rows of dialogues(file)) {
      number += 1;
      for (const event of eventsOf(rows, corpus, number)) yield `${JSON.stringify(event)}\n`;
    }
  }
}

/** The rows of one dialogue after another. A row that cannot be read is told on stderr and left out. */
async function* dialogues(file) {
  let rows = [];
  let line = 0;
  for await (const text of linesOf(file)) {
    line += 1;
    if (text.trim() === '') {
      if (rows.length > 0) yield rows;
      rows = [];
      continue;
    }
    const row = rowOf(text);
    if (typeof row === 'string') console.error(`${file}, line ${line}: ${row}; the line is left out`);
    else rows.push(row);
  }
  if (rows.length > 0) yield rows;
}

async function* linesOf(file) {
  const raw = file === '-' ? process.stdin : createReadStream(file);
  const input = file.endsWith('.gz') ? createGunzip() : raw;
  // An error of the file itself does not travel through a pipe by itself.
  if (input !== raw) raw.on('error', (error) => input.destroy(error)).pipe(input);
  try {
    yield* createInterface({ input, crlfDelay: Infinity });
  } catch (error) {
    throw new Error(
      `${file} cannot be read: ${error.message}; get the file again, what came of it so far is right`,
      {
        cause: error,
      },
    );
  }
}

function rowOf(text) {
  const [role, said, action, ratings = ''] = text.split('\t');
  if (role !== 'USER' && role !== 'SYSTEM') return 'it begins neither with USER nor with SYSTEM';
  if (said === undefined || action === undefined)
    return 'it has fewer than the columns role, text and action';
  const values = ratings
    .split(',')
    .filter((value) => value.trim() !== '')
    .map(Number);
  if (values.some((value) => !(value >= SCALE.min && value <= SCALE.max)))
    return 'a rating is not a number from 1 to 5';
  return { role, said, action, values };
}

function eventsOf(rows, corpus, number) {
  const digest = createHash('sha256').update(JSON.stringify(rows)).digest('hex').slice(0, 16);
  const startMs = START_MS + number * BETWEEN_DIALOGUES_MS;
  const event = (name, part, turnIndex, data) => ({
    specversion: '1.0',
    id: `uss:${corpus}:${number}:${digest}:${part}`,
    source: `/import/uss/${corpus}`,
    type: `heed.${name}.v1`,
    subject: `uss-${corpus}-${number}`,
    time: new Date(startMs + turnIndex * BETWEEN_TURNS_MS).toISOString(),
    datacontenttype: 'application/json',
    data,
  });

  const turns = turnsOf(rows);
  const overall = rows.filter(isOverall).flatMap(({ values }) => values);
  const rating = { aspect: 'satisfaction', scale: SCALE, by: 'human' };
  const last = Math.max(turns.length - 1, 0);
  return [
    ...turns.flatMap(({ request, responses, action, values }, index) => [
      event('turn', `${index}`, index, {
        turn: `${index + 1}`,
        user: `uss-${corpus}-${number}`,
        request: { text: request },
        ...(responses.length > 0 ? { response: { text: responses.join('\n') } } : {}),
        attributes: { ...(action === '' ? {} : { action }), syntheticTime: true },
      }),
      ...values.map((value, rater) =>
        event('rating', `${index}.rating.${rater}`, index, { turn: `${index + 1}`, ...rating, value }),
      ),
    ]),
    ...overall.map((value, rater) => event('rating', `rating.${rater}`, last, { ...rating, value })),
    ...successOf(overall).map((value) =>
      event('outcome', 'outcome.success', last, { name: 'success', value }),
    ),
  ];
}

function turnsOf(rows) {
  const turns = [];
  for (const row of rows) {
    if (isOverall(row)) continue;
    const { role, said, action, values } = row;
    if (role === 'USER') turns.push({ request: said, responses: [], action, values });
    else if (turns.length === 0) turns.push({ request: '', responses: [said], action: '', values: [] });
    else turns.at(-1).responses.push(said);
  }
  return turns;
}

function isOverall({ role, said }) {
  return role === 'USER' && said === 'OVERALL';
}

function successOf(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (mean > 3) return [true];
  return mean < 3 ? [false] : [];
}

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error(
    'usage: node uss-to-cloudevents.mjs FILE...   (.txt or .txt.gz, - for stdin); CloudEvents JSONL goes to stdout',
  );
  process.exitCode = 2;
} else {
  try {
    await pipeline(eventLines(files), process.stdout);
  } catch (error) {
    // Whoever reads the events may have seen enough.
    if (error.code !== 'EPIPE') {
      console.error(error.message);
      process.exitCode = 1;
    }
  }
}
