import { Fault } from '@heed/kernel';

export const BODY_ENCODINGS = ['gzip', 'zstd'] as const;
export type BodyEncoding = (typeof BODY_ENCODINGS)[number];

/**
 * How a body is packed, by its `Content-Encoding`; null when it comes as it is. One packed several times over is refused: no honest sender
 * makes such, and each layer multiplies what a bomb unfolds to.
 *
 * @throws Fault `unsupported-content-encoding`
 */
export function contentEncoding(header: string | undefined): BodyEncoding | null {
  const name = (header ?? '').trim().toLowerCase();
  if (name === '' || name === 'identity') return null;
  if (name === 'x-gzip') return 'gzip';
  const known = BODY_ENCODINGS.find((encoding) => encoding === name);
  if (known !== undefined) return known;
  throw new Fault(
    'unsupported-content-encoding',
    name.includes(',')
      ? 'The body is packed more than once.'
      : `Bodies packed as ${JSON.stringify(name.slice(0, 40))} are not taken.`,
    `Send the body as it is, or with one Content-Encoding of ${BODY_ENCODINGS.join(', ')}.`,
  );
}
