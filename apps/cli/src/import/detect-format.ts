import { UsageFault } from '../usage-fault.ts';

/** How a file is laid out. CloudEvents come as either of the first two. */
export type Layout = 'jsonl' | 'json' | 'csv' | 'tsv';

export const FORMATS = ['cloudevents', 'jsonl', 'json', 'csv', 'tsv'] as const;
export type Format = (typeof FORMATS)[number];

const BY_EXTENSION: Readonly<Record<string, Layout>> = {
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  json: 'json',
  csv: 'csv',
  tsv: 'tsv',
};

/** How much of the content `layoutOf` wants to see. */
export const HEAD_BYTES = 64 * 1024;

/** The layout that a format, a mapping, the file's name or, when all of them are silent, its first bytes tell. */
export function layoutOf(
  name: string,
  head: Buffer,
  format: Format | undefined,
  mappingFormat: Layout | undefined,
): Layout {
  if (format === 'cloudevents') return jsonLayout(textOf(head));
  const extension = /\.(\w+)(?:\.(?:gz|zst))?$/i.exec(name)?.[1]?.toLowerCase() ?? '';
  return format ?? mappingFormat ?? BY_EXTENSION[extension] ?? layoutByContent(name, textOf(head));
}

function layoutByContent(name: string, text: string): Layout {
  const [firstLine = ''] = text.split(/\r?\n/, 1);
  if (/^[[{]/.test(text)) return jsonLayout(text);
  if (firstLine.includes('\t')) return 'tsv';
  if (firstLine.includes(',')) return 'csv';
  throw new UsageFault(`${name}: nothing tells its format`, `Say it with --format ${FORMATS.join(' | ')}.`);
}

/** One value a line, unless it begins with a list or its first line is not whole. */
function jsonLayout(text: string): Layout {
  const [firstLine = ''] = text.split(/\r?\n/, 1);
  if (text.startsWith('[')) return 'json';
  const spreadOverLines = text.startsWith('{') && firstLine.length < text.length && !isJson(firstLine);
  return spreadOverLines ? 'json' : 'jsonl';
}

function textOf(head: Buffer): string {
  return head
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart();
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
