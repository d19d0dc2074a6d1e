const climbs = ['../', '..%2f', '..%2F', '%2e%2e/', '%2E%2E%2F', '%2e%2e%5c', '..\\', '..%5c', '.%2e/', '%2e./'];
const targets = ['etc/passwd', 'package.json', 'index.html', 'shell/grants', 'Windows/win.ini'];
const beginnings = ['/', '/assets/', '/api/'];
const more = [
  '/./././../etc/passwd',
  '//etc/passwd',
  '/etc/passwd',
  '/%00',
  '/index.html%00.js',
  '/index.html/../../etc/passwd',
  '/..;/etc/passwd',
  '/....//....//etc/passwd',
  '/%252e%252e%252fetc%252fpasswd',
  '/%c0%ae%c0%ae/etc/passwd',
  '/C:/Windows/win.ini',
  '/file:///etc/passwd',
  '/~root/.ssh/id_rsa',
  '/.vite/manifest.json',
  '/files.json',
  '/%2e%2e',
  '/..',
  '/assets',
  '/assets/..',
  '/proc/self/environ',
];

/** More than 200 spellings of a way out of the pages' folder, as paths of an address; none of them names a page. */
export function traversals(): readonly string[] {
  const climbing = beginnings.flatMap((beginning) =>
    climbs.flatMap((climb) =>
      targets.flatMap((target) => [1, 4].map((times) => `${beginning}${climb.repeat(times)}${target}`)),
    ),
  );
  // A page of the build that an address straightens to is a page, not a way out.
  return [...climbing, ...more].filter(
    (path) => !['/', '/index.html'].includes(new URL(`app://congeal${path}`).pathname),
  );
}
