const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** What a person sees who opened an address that is refused: why, in words instead of JSON. */
export function refusalPage(message: string): string {
  const text = message.replaceAll(/[&<>]/g, (sign) => entities[sign] ?? '');
  return `<!doctype html>
<html lang="en">
  <meta charset="utf-8">
  <title>Congeal</title>
  <h1>This cannot be shown</h1>
  <p>${text.replaceAll(/`([^`]*)`/g, '<code>$1</code>')}</p>
</html>
`;
}
