import type { SeededRandom } from '@heed/kernel';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { headerOf, withBody, withHeader, type FuzzRequest } from './fuzz-request.ts';
import { HOSTILE_TEXTS, hostileValue } from './hostile-values.ts';

export type Mutation = (request: FuzzRequest, random: SeededRandom) => FuzzRequest;

const PACK = { gzip: (bytes: Buffer) => gzipSync(bytes), zstd: (bytes: Buffer) => zstdCompressSync(bytes) };
const ENCODINGS = ['gzip', 'zstd'] as const;

/** A place anywhere in the JSON of the body is something else, is gone, or has a neighbour more. */
const structure: Mutation = (request, random) => {
  const value = jsonOf(request.body);
  return value === undefined ? request : withBody(request, bytesOf(changedSomewhere(value, random)));
};

/** One event of a list is something else; nothing may happen to the others. */
const oneOfList: Mutation = (request, random) => {
  const events = jsonOf(request.body);
  if (!Array.isArray(events) || events.length < 2) return structure(request, random);
  const at = random.below(events.length);
  const changed = events.map((event: unknown, index) =>
    index === at ? (random.chance(0.5) ? hostileValue(random) : changedSomewhere(event, random)) : event,
  );
  return {
    ...request,
    body: bytesOf(changed),
    untouched: request.untouched.filter((id) => id !== idOf(events[at])),
  };
};

/** Bytes are flipped, cut out, put in, repeated. */
const bytes: Mutation = (request, random) => {
  const { body } = request;
  const at = random.below(body.length + 1);
  const [before, after] = [body.subarray(0, at), body.subarray(at)];
  const noise = Buffer.from(Array.from({ length: 1 + random.below(8) }, () => random.below(256)));
  return withBody(
    request,
    random.pick([
      before,
      after,
      Buffer.concat([before, noise, after]),
      Buffer.concat([before, after.subarray(1 + random.below(8))]),
      Buffer.concat([body, body]),
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]),
      Buffer.from(body.toString('utf8'), 'utf16le'),
      Buffer.from(body.toString('utf8'), 'latin1'),
    ]),
  );
};

const deep: Mutation = (request, random) => {
  const depth = random.pick([100, 10_000, 100_000]);
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"a":', '}'],
  ] as const);
  const whole = random.chance(0.5);
  return withBody(request, Buffer.from(open.repeat(depth) + (whole ? `1${close.repeat(depth)}` : '')));
};

/** The service under test takes 1 MiB and 1 000 events. */
const size: Mutation = (request, random) =>
  withBody(
    request,
    random.pick([
      () => Buffer.alloc(0),
      () => Buffer.from(`[${'1,'.repeat(1100)}1]`),
      () => Buffer.from(`"${'x'.repeat(random.pick([200_000, 1_048_576, 1_500_000]))}"`),
      () => Buffer.alloc(random.pick([1, 1_048_576, 1_048_577, 2_200_000]), 0x20),
      () => Buffer.from(`{${'"a":1,'.repeat(20_000)}"a":1}`),
    ])(),
  );

const packed: Mutation = (request, random) => {
  if (headerOf(request, 'content-encoding') !== undefined) return request;
  const encoding = random.pick(ENCODINGS);
  return { ...withHeader(request, 'content-encoding', encoding), body: PACK[encoding](request.body) };
};

const badlyPacked: Mutation = (request, random) => {
  const encoding = random.pick(ENCODINGS);
  const whole = PACK[encoding](request.body);
  const flipped = Buffer.from(whole);
  flipped[random.below(flipped.length)] = random.below(256);
  const [header, body] = random.pick<() => readonly [string, Buffer]>([
    () => [encoding, request.body],
    () => [encoding, whole.subarray(0, random.below(whole.length))],
    () => [encoding, flipped],
    () => [encoding, Buffer.concat([whole, Buffer.from('behind')])],
    () => [encoding, PACK[encoding](Buffer.alloc(random.pick([1_048_577, 30_000_000])))],
    () => [`${encoding}, ${encoding}`, PACK[encoding](whole)],
    () => [random.pick(['br', 'deflate', 'compress', '*', '', 'gzip;q=1', '__proto__']), whole],
    () => [encoding === 'gzip' ? 'zstd' : 'gzip', whole],
  ])();
  return { ...withBody(request, body), headers: withHeader(request, 'content-encoding', header).headers };
};

const HEADERS: readonly (readonly [string, readonly string[]])[] = [
  [
    'content-type',
    ['text/html', 'application/xml', 'application/json; charset=utf-16', 'x', '', ';', 'multipart/form-data'],
  ],
  ['heed-tenant', ['A', '-', '..', '*', 'default,default', 'kept-1 ', '__proto__', 'x'.repeat(64)]],
  ['accept', ['text/html', 'nonsense', '*/*;q=nonsense']],
  ['if-none-match', ['*', '"x"', 'W/"x', '"'.repeat(1000)]],
  ['ce-specversion', ['1.0', '0.3', '', '1.0%00']],
  ['origin', ['null', 'http://localhost:1', 'https://evil.example', '']],
  ['host', ['evil.example', '127.0.0.1:1', 'localhost.', '', '[::1']],
  ['expect', ['100-continue', '200-ok']],
  ['content-length', ['-1', '1e3', '99999999999999999999', '0x10', '3 3']],
  ['transfer-encoding', ['chunked', 'gzip, chunked', 'identity', 'CHUNKED, x']],
  ['connection', ['close', 'upgrade', 'x']],
  ['upgrade', ['websocket', 'h2c']],
  ['authorization', ['Bearer', 'Bearer x', 'Basic eDp5', `Bearer ${'x'.repeat(5000)}`]],
  ['range', ['bytes=0-0', 'bytes=5-1']],
  ['x-forwarded-for', ['127.0.0.1', "'; DROP TABLE sessions; --"]],
  ['cookie', ['a=b', '='.repeat(2000)]],
];

const headers: Mutation = (request, random) => {
  const [name, values] = random.pick(HEADERS);
  return {
    ...withHeader(request, name, random.chance(0.8) ? random.pick(values) : random.pick(HOSTILE_TEXTS)),
    untouched: [],
  };
};

/** CloudEvents' binary mode: attributes as headers. */
const binaryMode: Mutation = (request, random) => {
  const attributes = ['specversion', 'id', 'type', 'source', 'subject', 'time', 'data', '__proto__'];
  const hostile = (): string => encodeURIComponent(random.pick(HOSTILE_TEXTS));
  return attributes
    .filter(() => random.chance(0.7))
    .reduce(
      (changed, name) => withHeader(changed, `ce-${name}`, name === 'specversion' ? '1.0' : hostile()),
      withBody(request, request.body),
    );
};

const path: Mutation = (request, random) => {
  const segments = request.path.split('/');
  const at = 1 + random.below(Math.max(1, segments.length - 1));
  segments[at] = random.pick([
    () => encodeURIComponent(random.pick(HOSTILE_TEXTS)),
    () => random.pick(['..', '.', '%2e%2e', '%00', '%zz', '%ff', '%', '', '*', ':id', ';a=b', '#', '%2f']),
    () => 'x'.repeat(random.pick([200, 5000])),
    () => encodeURIComponent('ä'.repeat(600)),
  ])();
  const changed = segments.join('/');
  return { ...request, path: changed.startsWith('/') ? changed : `/${changed}`, untouched: [] };
};

const query: Mutation = (request, random) => {
  const name = random.pick(['limit', 'state', '__proto__', 'limit[]', 'constructor', '%ff', '']);
  const value = random.pick([
    '-1',
    '0',
    '1e9',
    'NaN',
    '%00',
    '%zz',
    encodeURIComponent(random.pick(HOSTILE_TEXTS)),
  ]);
  const mark = request.path.includes('?') ? '&' : '?';
  return { ...request, path: `${request.path}${mark}${name}=${value}`, untouched: [] };
};

const METHODS = [
  'GET',
  'PUT',
  'POST',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'QUERY',
  'LINK',
];

const method: Mutation = (request, random) => ({ ...request, method: random.pick(METHODS), untouched: [] });

const MUTATIONS: readonly Mutation[] = [
  structure,
  structure,
  oneOfList,
  oneOfList,
  bytes,
  deep,
  size,
  packed,
  badlyPacked,
  headers,
  headers,
  binaryMode,
  path,
  query,
  method,
];

/** One mutation, or up to three on top of each other. */
export function mutated(request: FuzzRequest, random: SeededRandom): FuzzRequest {
  let changed = request;
  for (let times = random.pick([1, 1, 1, 2, 3]); times > 0; times--) {
    changed = random.pick(MUTATIONS)(changed, random);
  }
  return changed;
}

function idOf(event: unknown): unknown {
  return typeof event === 'object' && event !== null && 'id' in event ? event.id : undefined;
}

/** Undefined also for what is nested so deep that it could not be written again. */
function jsonOf(body: Buffer): unknown {
  const text = body.toString('utf8');
  if (/(?:[[{]\s*(?:"a":)?){1000}/u.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function bytesOf(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function changedSomewhere(value: unknown, random: SeededRandom): unknown {
  if (typeof value !== 'object' || value === null || random.chance(0.1)) return hostileValue(random);
  if (Array.isArray(value)) {
    const at = random.below(value.length + 1);
    return at === value.length
      ? [...(value as unknown[]), hostileValue(random)]
      : (value as unknown[]).with(at, changedSomewhere(value[at], random));
  }
  const entries: [string, unknown][] = Object.entries(value);
  const entry = entries.length === 0 ? undefined : random.pick(entries);
  if (entry === undefined || random.chance(0.15)) {
    const name = random.pick(HOSTILE_TEXTS);
    return Object.fromEntries([...entries, [name, hostileValue(random)]]);
  }
  const [name, inner] = entry;
  if (random.chance(0.2)) return Object.fromEntries(entries.filter(([other]) => other !== name));
  return Object.fromEntries(
    entries.map(([other, kept]) => [other, other === name ? changedSomewhere(inner, random) : kept]),
  );
}
