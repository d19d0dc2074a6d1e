import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { BrowserWindowConstructorOptions } from 'electron';
import type { BrowserContext, Frame, Page, Request, Route } from 'playwright-core';
import type { StandInApp } from './app.ts';
import type { Origin } from './origin.ts';
import { preloadWorld } from './preload-world.js';
import type { StandInSession } from './session.ts';

/** What every window of a stand-in shares. */
export interface Surroundings {
  readonly context: BrowserContext;
  readonly origin: Origin;
  readonly session: StandInSession;
  readonly app: () => StandInApp;
  /** Answers what a page asks through its preload script. */
  readonly invoke: (event: unknown, channel: string, words: readonly unknown[]) => Promise<unknown>;
}

interface FrameStandIn {
  readonly url: string;
}

/** `electron.WebContents`: a page of a real Chromium with the shell's preload script before its own scripts. */
export class StandInContents extends EventEmitter {
  readonly page: Promise<Page>;
  readonly preferences: NonNullable<BrowserWindowConstructorOptions['webPreferences']>;
  readonly #around: Surroundings;
  readonly #frames = new WeakMap<Frame, FrameStandIn>();
  /** Under this name the page is called from here; no script can guess it. */
  readonly #hidden = `standIn${Math.random().toString(36).slice(2)}`;
  #openHandler: (details: { readonly url: string }) => { readonly action: string } = () => ({ action: 'allow' });
  #current: Page | undefined;
  #isLoading = false;

  constructor(around: Surroundings, preferences: StandInContents['preferences']) {
    super();
    this.#around = around;
    this.preferences = preferences;
    around.app().emit('web-contents-created', {}, this);
    this.page = this.#open();
  }

  get mainFrame(): FrameStandIn | null {
    return this.#current === undefined ? null : this.#frameOf(this.#current.mainFrame());
  }

  getURL(): string {
    return this.#around.origin.toShell(this.#current?.url() ?? '');
  }

  getLastWebPreferences(): StandInContents['preferences'] {
    return this.preferences;
  }

  setWindowOpenHandler(handler: (details: { readonly url: string }) => { readonly action: string }): void {
    this.#openHandler = handler;
  }

  send(channel: string, ...words: readonly unknown[]): void {
    void this.#call('send', channel, structuredClone(words));
  }

  /** Says which paths the files have that are about to be dropped. */
  async announce(files: Readonly<Record<string, string>>): Promise<void> {
    await this.#call('announce', files);
  }

  async load(address: string): Promise<void> {
    const page = await this.page;
    this.emit('did-start-loading');
    this.#isLoading = true;
    try {
      await page.goto(this.#around.origin.toBrowser(address));
    } catch (cause) {
      const code = /ERR_\w+/.exec(String(cause))?.[0] ?? 'ERR_FAILED';
      throw Object.assign(new Error(`${code} loading '${address}'`, { cause }), { code });
    } finally {
      this.#isLoading = false;
    }
  }

  async #call(name: string, ...words: readonly unknown[]): Promise<void> {
    const page = await this.page;
    await page.evaluate(`window[${JSON.stringify(this.#hidden)}].${name}(...${JSON.stringify(words)})`);
  }

  async #open(): Promise<Page> {
    const { context, origin, session, invoke } = this.#around;
    const page = await context.newPage();
    this.#current = page;
    const name = `${this.#hidden}Invoke`;
    await page.exposeBinding(name, ({ frame }, channel: string, words: readonly unknown[]) =>
      invoke({ sender: this, senderFrame: this.#frameOf(frame) }, channel, words),
    );
    const { preload } = this.preferences;
    const source = preload === undefined ? '' : readFileSync(preload, 'utf8');
    const names = JSON.stringify([name, this.#hidden]);
    await page.addInitScript({
      content: `(${String(preloadWorld)})(function (require, module, exports) {\n${source}\n}, ...${names});`,
    });
    await context.route('**/*', (route) => this.#answer(route, page));
    await context.grantPermissions([...session.granted(this, 'app://congeal/')], {
      origin: new URL(origin.toBrowser('app://congeal/')).origin,
    });
    // What a page opens is asked for by its first request, below; the window itself never comes to be.
    context.on('page', (popup) => void popup.close());
    page.on('load', () => {
      this.emit('did-finish-load');
      this.emit('first-load');
    });
    page.on('crash', () => this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 1 }));
    return page;
  }

  async #answer(route: Route, page: Page): Promise<void> {
    const request = route.request();
    const url = this.#around.origin.toShell(request.url());
    const isPopup = request.isNavigationRequest() && pageOf(request) !== page;
    const isRefused = isPopup
      ? this.#openHandler({ url }).action === 'deny'
      : request.isNavigationRequest() && !this.#isLoading && this.#isPrevented(url, request.frame(), page);
    if (isRefused) await route.abort('aborted');
    else await (this.#around.session.mayRequest(url) ? route.continue() : route.abort('blockedbyclient'));
  }

  #isPrevented(url: string, frame: Frame, page: Page): boolean {
    const objections: string[] = [];
    const details = { url, preventDefault: () => objections.push(url) };
    this.emit('will-frame-navigate', details);
    if (frame === page.mainFrame()) this.emit('will-navigate', details);
    if (objections.length === 0) this.emit('did-start-loading');
    return objections.length > 0;
  }

  #frameOf(frame: Frame): FrameStandIn {
    const { toShell } = this.#around.origin;
    const made = this.#frames.get(frame) ?? {
      get url() {
        return toShell(frame.url());
      },
    };
    this.#frames.set(frame, made);
    return made;
  }
}

/** The page whose request it is; a page that is being opened has none yet. */
function pageOf(request: Request): Page | undefined {
  try {
    return request.frame().page();
  } catch {
    return undefined;
  }
}

/** Makes `electron.BrowserWindow` for one stand-in. */
export function browserWindowClass(around: Surroundings) {
  return class StandInWindow extends EventEmitter {
    static readonly all = new Set<StandInWindow>();
    readonly options: BrowserWindowConstructorOptions;
    readonly webContents: StandInContents;
    isShown = false;
    isFocusedNow = false;
    #isMaximised = false;

    constructor(options: BrowserWindowConstructorOptions) {
      super();
      this.options = options;
      this.webContents = new StandInContents(around, options.webPreferences ?? {});
      this.webContents.once('first-load', () => this.emit('ready-to-show'));
      StandInWindow.all.add(this);
    }

    static getAllWindows(): readonly StandInWindow[] {
      return [...StandInWindow.all];
    }

    loadURL(address: string): Promise<void> {
      return this.webContents.load(address);
    }

    show(): void {
      this.isShown = true;
    }

    focus(): void {
      this.isFocusedNow = true;
    }

    isVisible(): boolean {
      return this.isShown;
    }

    isMinimized(): boolean {
      return false;
    }

    isMaximized(): boolean {
      return this.#isMaximised;
    }

    maximize(): void {
      this.#isMaximised = true;
    }

    isFullScreen(): boolean {
      return false;
    }

    getNormalBounds() {
      const { x = 0, y = 0, width = 800, height = 600 } = this.options;
      return { x, y, width, height };
    }

    setBounds(bounds: {
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    }): void {
      Object.assign(this.options, bounds);
    }

    /** Closes it as a person does; the last one to go is told to the app. */
    async close(isQuitting = false): Promise<void> {
      this.emit('close', { preventDefault: () => undefined });
      StandInWindow.all.delete(this);
      await (await this.webContents.page).close();
      this.emit('closed');
      if (StandInWindow.all.size === 0 && !isQuitting) around.app().emit('window-all-closed');
    }
  };
}
