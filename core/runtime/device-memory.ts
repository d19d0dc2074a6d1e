import type { Tensor as RuntimeTensor } from 'onnxruntime-node';

let count = 0;

/** How many tensors of this process lie in the memory of a device; none, once every stepper is disposed. */
export function liveDeviceTensors(): number {
  return count;
}

/** Counts a tensor that a session has left on the device. */
export function track(tensor: RuntimeTensor): RuntimeTensor {
  if (tensor.location === 'gpu-buffer') count += 1;
  return tensor;
}

/** Frees a tensor where it lies on a device: nothing else does. */
export function release(tensor: RuntimeTensor): void {
  if (tensor.location !== 'gpu-buffer') return;
  tensor.dispose();
  count -= 1;
}
