import { Fault } from '@heed/kernel';
import type { SentenceEncoder } from '@heed/rewards';
import { basename, resolve } from 'node:path';
import { OnnxSentenceEncoder } from './sentence-encoder.ts';
import { encoderFault, readEncoderFiles } from './sentence-encoder-files.ts';
import { SentenceTokens } from './sentence-tokens.ts';

/** A directory that holds a sentence encoder. */
export interface EncoderFolder {
  readonly directory: string;
  /** The directory's own name. */
  readonly name: string;
  /** Of what its files hold: see `SentenceEncoder`. */
  readonly version: string;
}

/**
 * The sentence encoder of a directory, told by its files alone: no graph is run.
 * Throws Fault `encoder-unreadable` that says what the directory lacks, or that its tokenizer is another encoder's.
 */
export async function encoderFolder(directory: string): Promise<EncoderFolder> {
  const files = await readEncoderFiles(directory);
  new SentenceTokens(directory, files);
  return { directory, name: basename(resolve(directory)), version: files.version };
}

/**
 * The sentence encoders that a process may use: those of the directories that its operator named, and no others. A directory is read when an encoder is first
 * asked for, and again only after it could not be; an encoder is loaded once for all models and stays until the process ends, or `close`.
 */
export class EncoderFolders {
  readonly directories: readonly string[];
  readonly #read = new Map<string, Promise<EncoderFolder>>();
  readonly #opened = new Map<string, Promise<OnnxSentenceEncoder>>();

  constructor(directories: readonly string[]) {
    this.directories = directories;
  }

  /**
   * @param asked name or version of one of them
   * @throws Fault `encoder-unknown` that lists those there are; `encoder-unreadable` where it may be one that cannot be read
   */
  async find(asked: string): Promise<EncoderFolder> {
    const looks = await Promise.allSettled(
      this.directories.map((directory) => kept(this.#read, directory, () => encoderFolder(directory))),
    );
    const found = looks.flatMap((look) => (look.status === 'fulfilled' ? [look.value] : []));
    const its = found.find(({ name, version }) => name === asked || version === asked);
    if (its !== undefined) return its;
    for (const look of looks) if (look.status === 'rejected') throw look.reason;
    throw encoderUnknown(asked, found);
  }

  /** Throws as `find`, and `encoder-unreadable` where the files are not those any more that were found. */
  async open(asked: string): Promise<SentenceEncoder> {
    const { directory, version } = await this.find(asked);
    const encoder = await kept(this.#opened, directory, () => OnnxSentenceEncoder.open(directory));
    if (encoder.version === version) return encoder;
    throw encoderFault(
      directory,
      `its files were other ones (${version}) when this process first read them than now (${encoder.version}): end what writes there, and start the process again`,
    );
  }

  /** Not to be called while an encoder is in use. */
  async close(): Promise<void> {
    const all = [...this.#opened.values()];
    this.#opened.clear();
    for (const one of await Promise.allSettled(all)) if (one.status === 'fulfilled') await one.value.close();
  }
}

/** What fails is tried again when it is asked for again. */
function kept<T>(all: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const own = all.get(key) ?? make();
  all.set(key, own);
  own.catch(() => all.get(key) === own && all.delete(key));
  return own;
}

function encoderUnknown(asked: string, found: readonly EncoderFolder[]): Fault {
  const those =
    found.length === 0
      ? 'it was given none'
      : `those it was given are ${found.map(({ name, version }) => `${name} (${version})`).join(', ')}`;
  return new Fault(
    'encoder-unknown',
    `There is no sentence encoder ${asked} here: ${those}.`,
    'Name the directory that holds it in HEED_ENCODERS of every process that trains or scores, or where a command runs with --encoder DIR.',
  );
}
