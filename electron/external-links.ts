/** The hosts that the program itself links to. Everything else is left closed. */
const hosts: ReadonlySet<string> = new Set(['arxiv.org', 'onnx.ai', 'onnxruntime.ai']);

/** Whether an address may be handed to the system's browser: https, a host of the list, its own port, no user. */
export function mayOpenExternally(address: string): boolean {
  const url = URL.parse(address);
  return (
    url !== null &&
    url.protocol === 'https:' &&
    hosts.has(url.hostname) &&
    url.port === '' &&
    url.username === '' &&
    url.password === ''
  );
}
