import type { INamespace } from 'protobufjs';

const text = (id: number): { type: string; id: number } => ({ type: 'string', id });
const each = (type: string, id: number): { rule: string; type: string; id: number } => ({
  ...{ rule: 'repeated', type, id },
});

/** The fields of ONNX's messages that Heed writes, by their numbers in onnx.proto of IR version 8 (https://github.com/onnx/onnx, Apache-2.0). */
export const ONNX_MESSAGES: INamespace = {
  nested: {
    ModelProto: {
      fields: {
        irVersion: { type: 'int64', id: 1 },
        producerName: text(2),
        producerVersion: text(3),
        // A GraphProto, written on its own: on the wire a message is its bytes.
        graph: { type: 'bytes', id: 7 },
        opsetImport: each('OperatorSetIdProto', 8),
        metadataProps: each('StringStringEntryProto', 14),
      },
    },
    OperatorSetIdProto: { fields: { domain: text(1), version: { type: 'int64', id: 2 } } },
    StringStringEntryProto: { fields: { key: text(1), value: text(2) } },
    GraphProto: {
      fields: {
        node: each('NodeProto', 1),
        name: text(2),
        initializer: each('TensorProto', 5),
        input: each('ValueInfoProto', 11),
        output: each('ValueInfoProto', 12),
      },
    },
    NodeProto: {
      fields: {
        input: each('string', 1),
        output: each('string', 2),
        opType: text(4),
        attribute: each('AttributeProto', 5),
      },
    },
    AttributeProto: {
      fields: { name: text(1), i: { type: 'int64', id: 3 }, type: { type: 'int32', id: 20 } },
    },
    TensorProto: {
      fields: {
        dims: each('int64', 1),
        dataType: { type: 'int32', id: 2 },
        name: text(8),
        rawData: { type: 'bytes', id: 9 },
      },
    },
    ValueInfoProto: { fields: { name: text(1), type: { type: 'TypeProto', id: 2 } } },
    TypeProto: { fields: { tensorType: { type: 'TensorTypeProto', id: 1 } } },
    TensorTypeProto: {
      fields: { elemType: { type: 'int32', id: 1 }, shape: { type: 'TensorShapeProto', id: 2 } },
    },
    TensorShapeProto: { fields: { dim: each('Dimension', 1) } },
    Dimension: {
      oneofs: { value: { oneof: ['dimValue', 'dimParam'] } },
      fields: { dimValue: { type: 'int64', id: 1 }, dimParam: text(2) },
    },
  },
};
