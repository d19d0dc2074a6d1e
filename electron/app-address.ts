/** The scheme under which the shell shows the program. */
export const appScheme = 'app';

const appHost = 'congeal';

/** The program's page. */
export const appAddress = `${appScheme}://${appHost}/`;

/** Whether an address belongs to the program itself. */
export function isOurs(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.protocol === `${appScheme}:` && url.host === appHost && url.username === '';
}
