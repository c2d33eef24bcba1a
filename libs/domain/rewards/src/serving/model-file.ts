import { Fault } from '@heed/kernel';
import { MODEL_PURPOSES, type ModelPurpose } from '@heed/policies';
import { encoderIn, FEATURES_VERSION, READINGS, type Reading } from '../features/feature-reader.ts';
import { NotProtobuf, ProtobufCutShort, protobufFields } from './protobuf-fields.ts';

export { MODEL_PURPOSES, type ModelPurpose };

/** What a model file says of itself. */
export interface ModelFacts {
  readonly purpose: ModelPurpose;
  readonly reading: Reading;
  /** The version of the features that it was trained on. */
  readonly features: string;
  /** SHA-256 of the graph, hex: tells a file that was damaged. It is no signature. */
  readonly graphSha256: string;
  /** The Heed that trained it. */
  readonly heedVersion: string;
}

export interface ModelFile {
  readonly facts: ModelFacts;
  /** The bytes that `graphSha256` is of, part of the file's own memory. */
  readonly graph: Uint8Array;
}

/** Keys of ONNX's `metadata_props`. */
const KEYS = {
  purpose: 'heed.purpose',
  reading: 'heed.reading',
  features: 'heed.features',
  graphSha256: 'heed.graph.sha256',
  heedVersion: 'heed.version',
} as const satisfies Record<keyof ModelFacts, string>;

export const MODEL_PRODUCER = 'heed';

/** Fields of `ModelProto` and `StringStringEntryProto` by their numbers in onnx.proto (https://github.com/onnx/onnx, Apache-2.0). */
const MODEL = { producerName: 2, graph: 7, metadataProps: 14 } as const;
const ENTRY = { key: 1, value: 2 } as const;
/** Every ONNX file begins with its field 1, a number. */
const FIRST_BYTE = 8;

const AGAIN = 'Copy or download it again, or train one with `heed train`.';
const GET_ONE = 'Name a model file that `heed train` wrote.';

/** As it goes into the file. */
export function modelMetadata(facts: ModelFacts): Readonly<Record<string, string>> {
  return {
    [KEYS.purpose]: facts.purpose,
    [KEYS.reading]: facts.reading,
    [KEYS.features]: facts.features,
    [KEYS.graphSha256]: facts.graphSha256,
    [KEYS.heedVersion]: facts.heedVersion,
  };
}

/**
 * What a file says of itself, found without running it. Throws Fault `model-empty`, `model-not-onnx`, `model-truncated`, `model-foreign`
 * or `model-features-differ`. Whether the graph is as it was written is for `checkGraph`: a hash comes from outside; which encoder
 * there is, for `checkEncoder`.
 *
 * @param name what messages call the file
 */
export function readModelFile(bytes: Uint8Array, name: string): ModelFile {
  if (bytes.length === 0) throw new Fault('model-empty', `${name} is empty.`, AGAIN);
  const { producer, graph, metadata } = partsOf(bytes, name);
  const facts = factsIn(metadata);
  if (graph !== undefined && facts !== undefined) {
    checkFeatures(facts, name);
    return { facts, graph };
  }
  // What Heed wrote is whole or was cut between two fields.
  if (producer === MODEL_PRODUCER || graph === undefined) throw truncated(name);
  throw new Fault(
    'model-foreign',
    `${name} is an ONNX model that Heed did not write${producer === '' ? '' : ` (it is by ${producer})`}: it does not say which features it reads.`,
    GET_ONE,
  );
}

/** Throws Fault `model-damaged` when the graph is not the one that was written. */
export function checkGraph({ graphSha256 }: ModelFacts, found: string, name: string): void {
  if (graphSha256 === found) return;
  throw new Fault(
    'model-damaged',
    `${name} is damaged: its graph has the SHA-256 ${found}, and was written with ${graphSha256}.`,
    AGAIN,
  );
}

/** Throws Fault `model-purpose-differs` unless it says, of what is known when an answer is given, how likely it is to be loved. */
export function checkScoresLove({ purpose, reading }: ModelFacts, name: string): void {
  if (purpose === 'love' && reading === 'answer') return;
  throw new Fault(
    'model-purpose-differs',
    `${name} is a ${purpose} model that reads the ${reading}.`,
    'Give a model file of `heed train love`.',
  );
}

/** Throws Fault `model-needs-encoder` unless the model was trained without a sentence encoder, or beside this one. */
export function checkEncoder({ features }: ModelFacts, encoder: string | undefined, name: string): void {
  const needed = encoderIn(features);
  if (needed === undefined || needed === encoder) return;
  throw new Fault(
    'model-needs-encoder',
    `${name} was trained beside the sentence encoder ${needed}, and ${encoder === undefined ? 'none was given' : `this one is ${encoder}`}.`,
    'Give the encoder that it was trained beside: the same files, all of them. Or train it again, with --encoder native to need none.',
  );
}

/** Turns are read by this Heed and, where the version says so, by a sentence encoder too. */
function checkFeatures({ features, heedVersion }: ModelFacts, name: string): void {
  if (features === FEATURES_VERSION || encoderIn(features) !== undefined) return;
  throw new Fault(
    'model-features-differ',
    `${name} was trained by Heed ${heedVersion} on the features ${features}, and this Heed reads ${FEATURES_VERSION}.`,
    `Train it again with this Heed, or score with Heed ${heedVersion}.`,
  );
}

interface Parts {
  readonly producer: string;
  readonly graph: Uint8Array | undefined;
  readonly metadata: ReadonlyMap<string, string>;
}

function partsOf(bytes: Uint8Array, name: string): Parts {
  let producer = '';
  let graph: Uint8Array | undefined;
  const metadata = new Map<string, string>();
  try {
    if (bytes[0] !== FIRST_BYTE) throw new NotProtobuf();
    for (const field of protobufFields(bytes)) {
      if (field.bytes === undefined) continue;
      if (field.number === MODEL.producerName) producer = textOf(field.bytes);
      else if (field.number === MODEL.graph) graph = field.bytes;
      else if (field.number === MODEL.metadataProps) addEntry(metadata, field.bytes);
    }
  } catch (error) {
    if (error instanceof ProtobufCutShort) throw truncated(name);
    if (!(error instanceof NotProtobuf)) throw error;
    throw new Fault('model-not-onnx', `${name} is no ONNX model.`, GET_ONE);
  }
  return { producer, graph, metadata };
}

function addEntry(metadata: Map<string, string>, entry: Uint8Array): void {
  let [key, value] = ['', ''];
  for (const { number, bytes } of protobufFields(entry)) {
    if (bytes === undefined) continue;
    if (number === ENTRY.key) key = textOf(bytes);
    else if (number === ENTRY.value) value = textOf(bytes);
  }
  metadata.set(key, value);
}

function factsIn(metadata: ReadonlyMap<string, string>): ModelFacts | undefined {
  const purpose = MODEL_PURPOSES.find((one) => one === metadata.get(KEYS.purpose));
  const reading = READINGS.find((one) => one === metadata.get(KEYS.reading));
  const features = metadata.get(KEYS.features);
  const graphSha256 = metadata.get(KEYS.graphSha256);
  const heedVersion = metadata.get(KEYS.heedVersion);
  if (
    purpose === undefined ||
    reading === undefined ||
    features === undefined ||
    graphSha256 === undefined ||
    heedVersion === undefined
  )
    return undefined;
  return { purpose, reading, features, graphSha256, heedVersion };
}

function truncated(name: string): Fault {
  return new Fault('model-truncated', `${name} ends before the model does: part of it is missing.`, AGAIN);
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
