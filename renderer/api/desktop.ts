/** What a folder or file is chosen for; the engine grants it for that and nothing else. */
export type DesktopPurpose = 'images' | 'project' | 'export';

/** Something that a person chose in a dialog of the system, or dropped: the engine knows it by this id. */
export interface DesktopGrant {
  /** What commands take as a grant, or as a project `file`. */
  readonly id: string;
  /** Its name without the path, for people to read. */
  readonly name: string;
  readonly kind: 'folder' | 'project' | 'model' | 'target';
}

/** What the desktop shell's menu and system ask of the page; the ids are those of user commands. */
export type DesktopMessage =
  | { readonly kind: 'command'; readonly id: string }
  /** A project file was opened from outside: double click, recent files, drop on the icon. */
  | { readonly kind: 'open'; readonly grant: DesktopGrant };

/** The one bridge of the desktop shell. In a browser there is none, and everything works without it. */
export interface DesktopBridge {
  /** Undefined where the person gave up. */
  pickFolder(purpose: DesktopPurpose): Promise<DesktopGrant | undefined>;
  /** Project files, or ONNX models; none where the person gave up. */
  pickFiles(purpose: 'project' | 'model'): Promise<readonly DesktopGrant[]>;
  /** Where a file shall be written; `name` is proposed. */
  saveAs(name: string): Promise<DesktopGrant | undefined>;
  /** Shows what an export or a run wrote in the system's file manager. */
  reveal(id: string): Promise<void>;
  /**
   * Grants for dropped folders and project files, one for each file in its place; undefined for all others, which are
   * sent to the engine as uploads.
   */
  pathsOfDrop(files: readonly File[]): Promise<readonly (DesktopGrant | undefined)[]>;
  /** Calls back with what menus and the system ask until the answer is called. */
  onMessage(listener: (message: DesktopMessage) => void): () => void;
}

declare global {
  interface Window {
    readonly congeal?: DesktopBridge;
  }
}

/** The desktop shell's bridge; undefined in a browser. */
export const desktop: DesktopBridge | undefined = window.congeal;
