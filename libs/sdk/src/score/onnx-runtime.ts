/** As much of onnxruntime as scoring needs: `onnxruntime-node` and `onnxruntime-web` both are one. */
export interface OnnxRuntime {
  readonly InferenceSession: { create(model: Uint8Array): Promise<OnnxSession> };
  readonly Tensor: new (
    type: 'int32' | 'float32',
    data: Int32Array | Float32Array,
    dims: readonly number[],
  ) => unknown;
}

export interface OnnxSession {
  run(inputs: never): Promise<Readonly<Record<string, { readonly data: unknown }>>>;
  release(): Promise<void>;
}
