import { MODEL_PRODUCER } from '@heed/rewards';
import { createHash } from 'node:crypto';
import protobuf from 'protobufjs/light.js';
import { ONNX_MESSAGES } from './onnx-messages.ts';

/** `TensorProto.DataType`. */
const FLOAT = 1;
const INT32 = 6;
const INT64 = 7;
const INPUT_TYPES = { float: FLOAT, int32: INT32, int64: INT64 };
/** `AttributeProto.AttributeType`. */
const INT = 2;
const OPSET = 17;
const IR_VERSION = 8;

const messages = protobuf.Root.fromJSON(ONNX_MESSAGES);
const modelType = messages.lookupType('ModelProto');
const graphType = messages.lookupType('GraphProto');

/** A dimension by its size, or by the name of what it counts. */
export type Dimension = number | string;

type Message = Readonly<Record<string, unknown>>;

/** Puts an ONNX graph together node by node; a value is the name it goes by in the graph. */
export class GraphBuilder {
  readonly #nodes: Message[] = [];
  readonly #constants: Message[] = [];
  readonly #inputs: Message[] = [];
  readonly #outputs: Message[] = [];

  input(name: string, type: keyof typeof INPUT_TYPES, dimensions: readonly Dimension[]): string {
    this.#inputs.push(valueInfo(name, INPUT_TYPES[type], dimensions));
    return name;
  }

  floats(values: Float32Array | readonly number[], dimensions: readonly number[]): string {
    return this.#constant(FLOAT, Float32Array.from(values), dimensions);
  }

  wholes(values: readonly number[], type: 'int32' | 'int64' = 'int64'): string {
    return type === 'int32'
      ? this.#constant(INT32, Int32Array.from(values), [values.length])
      : this.#constant(INT64, BigInt64Array.from(values, BigInt), [values.length]);
  }

  /** @param attributes whole numbers by name */
  node(
    opType: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, number>> = {},
    name = `${opType}-${this.#nodes.length}`,
  ): string {
    this.#nodes.push({
      opType,
      input: inputs,
      output: [name],
      attribute: Object.entries(attributes).map(([key, i]) => ({ name: key, i, type: INT })),
    });
    return name;
  }

  output(name: string, dimensions: readonly Dimension[]): void {
    this.#outputs.push(valueInfo(name, FLOAT, dimensions));
  }

  /**
   * The bytes of a model file.
   *
   * @param metadata what the file says of itself, given the SHA-256 of its graph (hex)
   */
  model(
    name: string,
    metadata: (graphSha256: string) => Readonly<Record<string, string>>,
  ): Uint8Array<ArrayBuffer> {
    const parts = {
      ...{ name, node: this.#nodes, initializer: this.#constants },
      ...{ input: this.#inputs, output: this.#outputs },
    };
    const graph = graphType.encode(graphType.fromObject(parts)).finish();
    const sha256 = createHash('sha256').update(graph).digest('hex');
    const model = modelType.fromObject({
      irVersion: IR_VERSION,
      producerName: MODEL_PRODUCER,
      opsetImport: [{ domain: '', version: OPSET }],
      metadataProps: Object.entries(metadata(sha256)).map(([key, value]) => ({ key, value })),
      graph,
    });
    return Uint8Array.from(modelType.encode(model).finish());
  }

  #constant(
    dataType: number,
    data: Float32Array | Int32Array | BigInt64Array,
    dims: readonly number[],
  ): string {
    const name = `constant-${this.#constants.length}`;
    const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#constants.push({ name, dataType, dims, rawData });
    return name;
  }
}

function valueInfo(name: string, elemType: number, dimensions: readonly Dimension[]): Message {
  const dim = dimensions.map((one) => (typeof one === 'number' ? { dimValue: one } : { dimParam: one }));
  return { name, type: { tensorType: { elemType, shape: { dim } } } };
}
