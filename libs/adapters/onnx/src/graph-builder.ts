import protobuf from 'protobufjs/light.js';
import { ONNX_MESSAGES } from './onnx-messages.ts';

/** `TensorProto.DataType`. */
const FLOAT = 1;
const INT32 = 6;
const INT64 = 7;
/** `AttributeProto.AttributeType`. */
const INT = 2;
const OPSET = 17;
const IR_VERSION = 8;

const modelType = protobuf.Root.fromJSON(ONNX_MESSAGES).lookupType('ModelProto');

/** A dimension by its size, or by the name of what it counts. */
export type Dimension = number | string;

type Message = Readonly<Record<string, unknown>>;

/** Puts an ONNX graph together node by node; a value is the name it goes by in the graph. */
export class GraphBuilder {
  readonly #nodes: Message[] = [];
  readonly #constants: Message[] = [];
  readonly #inputs: Message[] = [];
  readonly #outputs: Message[] = [];

  input(name: string, type: 'float' | 'int32', dimensions: readonly Dimension[]): string {
    this.#inputs.push(valueInfo(name, type === 'float' ? FLOAT : INT32, dimensions));
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

  /** The bytes of a model file. */
  model(name: string, metadata: Readonly<Record<string, string>>): Uint8Array {
    return modelType
      .encode(
        modelType.fromObject({
          irVersion: IR_VERSION,
          producerName: 'heed',
          opsetImport: [{ domain: '', version: OPSET }],
          metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
          graph: {
            name,
            node: this.#nodes,
            initializer: this.#constants,
            input: this.#inputs,
            output: this.#outputs,
          },
        }),
      )
      .finish();
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
