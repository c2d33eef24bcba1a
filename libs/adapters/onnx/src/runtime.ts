import type * as ort from 'onnxruntime-node';

export type Runtime = typeof ort;

/** The native runtime: loaded by the process that first runs a model, and by no other. */
export function loadRuntime(): Promise<Runtime> {
  return import('onnxruntime-node');
}
