/** Loads ONNX Runtime's native part, so that who asks learns whether it can be loaded. Throws what loading throws. */
export async function loadOnnxRuntime(): Promise<void> {
  await import('onnxruntime-node');
}
