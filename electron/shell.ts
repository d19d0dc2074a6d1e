import type { BrowserWindow } from 'electron';
import { nativeTheme } from 'electron';
import { CongealError } from '../core/contract/errors.ts';
import type { DesktopCommand, DesktopPurpose } from '../core/contract/desktop.ts';
import { refusal } from './app-answers.ts';
import { askPipe } from './engine/ask-pipe.ts';
import type { EngineClient } from './engine/engine-client.ts';
import { createEngineClient } from './engine/engine-client.ts';
import type { EngineEnd } from './engine/engine-keeper.ts';
import { EngineKeeper } from './engine/engine-keeper.ts';
import type { EnginePlace } from './engine/engine-place.ts';
import type { WindowOptions } from './main-window.ts';
import { bringForward, openMainWindow, showProgram, showStopped, shownHash } from './main-window.ts';
import type { RecentItem } from './menu.ts';
import { commandChannel } from './messages.ts';

/** What a shell is made with. */
export interface ShellOptions extends WindowOptions {
  readonly engine: EnginePlace;
  /** Calls back when the projects of the recent list have changed. */
  readonly onRecent: (recent: readonly RecentItem[]) => void;
}

/** The window and the engine behind it, for as long as the program runs. */
export class Shell {
  readonly #options: ShellOptions;
  readonly #keeper: EngineKeeper;
  #window: BrowserWindow | undefined;
  #client: EngineClient | undefined;
  #following = new AbortController();
  /** Where the window was when the engine ended. */
  #hash = '';
  /** What was asked of the page before it was there. */
  #waiting: DesktopCommand[] = [];
  #isPageReady = false;

  constructor(options: ShellOptions) {
    this.#options = options;
    this.#keeper = new EngineKeeper(options.engine, {
      onStart: ({ pipe }) => this.#follow(createEngineClient(pipe)),
      onEnd: (end) => void this.#stopped(end),
    });
  }

  /** The window, opened where there is none. */
  get window(): BrowserWindow {
    return this.#window ?? this.#open();
  }

  /** How the running engine is asked. **Throws** CongealError `unavailable` while there is none. */
  async client(): Promise<EngineClient> {
    await this.#keeper.engine;
    if (this.#client !== undefined) return this.#client;
    throw new CongealError('unavailable', 'The engine has ended. Start it again.');
  }

  /** Opens the window and starts the engine; the page waits for it with its first question. */
  async start(): Promise<void> {
    const started = this.#keeper.start();
    await showProgram(this.window);
    await started;
  }

  /** Starts an engine that has ended, and shows the window as it was. */
  async restart(): Promise<void> {
    await this.#keeper.start();
    if ((await this.#keeper.engine) !== undefined) await showProgram(this.window, this.#hash);
  }

  /** Ends the engine. */
  async stop(): Promise<void> {
    this.#following.abort();
    await this.#keeper.stop();
  }

  show(): void {
    const isNew = this.#window === undefined;
    bringForward(this.window);
    if (isNew) void showProgram(this.window);
  }

  /** Asks something of the page, now or when it is there. */
  tell(command: DesktopCommand): void {
    this.#waiting.push(command);
    if (this.#window === undefined) this.show();
    else this.#flush();
  }

  /** Grants what a person opened, and asks the page to show it. What is neither folder nor project is left alone. */
  async open(paths: readonly string[], purpose: DesktopPurpose | null = null): Promise<void> {
    if (paths.length === 0) return;
    const { grants } = await (await this.client()).grant({ paths: [...paths], purpose });
    const found = grants.filter((grant) => grant !== null);
    if (found.length > 0) this.tell({ kind: 'open', grants: found });
  }

  /** Answers a request of the page with the engine's answer. */
  async forward(request: Request, path: string): Promise<Response> {
    const engine = await this.#keeper.engine;
    const { method, headers, body, signal } = request;
    try {
      if (engine !== undefined) return await askPipe(engine.pipe, { method, path, headers, body, signal });
    } catch {
      /* It has just ended; how is told on the page that takes this one's place. */
    }
    const message = 'The engine does not answer.';
    return refusal(503, { error: { code: 'unavailable', message, details: {} } });
  }

  #open(): BrowserWindow {
    const window = openMainWindow(this.#options);
    this.#window = window;
    window.webContents.on('did-start-loading', () => (this.#isPageReady = false));
    window.webContents.on('did-finish-load', () => {
      this.#isPageReady = true;
      this.#flush();
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason !== 'clean-exit') void showProgram(window, shownHash(window));
    });
    window.on('closed', () => {
      this.#window = undefined;
      this.#isPageReady = false;
    });
    return window;
  }

  #flush(): void {
    if (!this.#isPageReady || this.#window === undefined) return;
    for (const command of this.#waiting.splice(0)) this.#window.webContents.send(commandChannel, command);
  }

  /** Follows the engine's events for as long as it lives: what the menu and the system's colours need of them. */
  #follow(client: EngineClient): void {
    this.#client = client;
    this.#following = new AbortController();
    const showRecent = async () => this.#options.onRecent((await client.commands.projects.recent()).projects);
    const follow = async () => {
      nativeTheme.themeSource = (await client.commands.settings.read()).theme;
      await showRecent();
      for await (const event of client.events(this.#following.signal)) {
        if (event.event === 'settings-changed') nativeTheme.themeSource = event.settings.theme;
        if (event.event === 'recent-changed' || event.event === 'reset') await showRecent();
      }
    };
    // An engine that ends in between is told of where its end is seen.
    follow().catch(() => undefined);
  }

  async #stopped({ reason, log }: EngineEnd): Promise<void> {
    this.#following.abort();
    this.#client = undefined;
    const { window } = this;
    this.#hash = shownHash(window) || this.#hash;
    await showStopped(window, reason, log);
  }
}
