import { EventEmitter } from 'node:events';

type Answer<Value> = (value: Value) => void;
type RequestListener = (details: { readonly url: string }, answer: Answer<{ readonly cancel?: boolean }>) => void;
type PermissionHandler = (
  contents: unknown,
  permission: string,
  answer: Answer<boolean>,
  details: { readonly requestingUrl: string },
) => void;

/** What a page may be granted here, as the browser and as Electron name it; asked of the shell when its window opens. */
const permissions = {
  geolocation: 'geolocation',
  notifications: 'notifications',
  'clipboard-read': 'clipboard-read',
  'clipboard-write': 'clipboard-sanitized-write',
  camera: 'media',
  microphone: 'media',
  midi: 'midi',
} as const;

/** `electron.session.defaultSession`, as far as the shell uses it. Without handlers everything is allowed, as there. */
export class StandInSession extends EventEmitter {
  isSpellCheckerEnabled = true;
  #onBeforeRequest: RequestListener = (_details, answer) => answer({});
  #onPermission: PermissionHandler = (_contents, _permission, answer) => answer(true);
  #check: (contents: unknown, permission: string, origin: string) => boolean = () => true;
  readonly webRequest = {
    onBeforeRequest: (listener: RequestListener) => (this.#onBeforeRequest = listener),
  };

  setPermissionRequestHandler(handler: PermissionHandler): void {
    this.#onPermission = handler;
  }

  setPermissionCheckHandler(handler: (contents: unknown, permission: string, origin: string) => boolean): void {
    this.#check = handler;
  }

  setDevicePermissionHandler(): void {
    /* No page of these tests finds a device. */
  }

  setSpellCheckerEnabled(enabled: boolean): void {
    this.isSpellCheckerEnabled = enabled;
  }

  mayRequest(url: string): boolean {
    const answers: boolean[] = [];
    this.#onBeforeRequest({ url }, ({ cancel }) => answers.push(cancel === true));
    return !answers.includes(true);
  }

  /** The permissions, as the browser names them, that the shell would give a page at an address. */
  granted(contents: unknown, requestingUrl: string): readonly string[] {
    return Object.entries(permissions).flatMap(([name, permission]) => {
      const answers: boolean[] = [];
      this.#onPermission(contents, permission, (answer) => answers.push(answer), { requestingUrl });
      return answers.includes(true) && this.#check(contents, permission, requestingUrl) ? [name] : [];
    });
  }
}
