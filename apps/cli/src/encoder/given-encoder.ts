import { resolve } from 'node:path';
import { NATIVE_ENCODER } from '@heed/contract';
import type { EncoderFolder } from '@heed/onnx';
import type { Shell } from '../shell.ts';

/**
 * The sentence encoder of the directory that `--encoder` names, told by its files; undefined where it names none, or `native`.
 * Read before anything is started or asked. Throws Fault `encoder-unreadable` that says what the directory lacks.
 */
export async function givenEncoder(
  { cwd }: Shell,
  given: string | undefined,
): Promise<EncoderFolder | undefined> {
  if (given === undefined || given === NATIVE_ENCODER) return undefined;
  // Not loaded for other commands: what tells texts apart is large.
  const { encoderFolder } = await import('@heed/onnx');
  return encoderFolder(resolve(cwd, given));
}
