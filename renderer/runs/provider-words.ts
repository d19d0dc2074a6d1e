const words: Readonly<Partial<Record<string, string>>> = {
  cpu: 'Processor',
  webgpu: 'WebGPU',
  cuda: 'CUDA',
  dml: 'DirectML',
  coreml: 'Core ML',
};

/** The name of a place where networks are computed, as its makers write it. */
export function providerWords(name: string): string {
  return words[name] ?? name;
}
