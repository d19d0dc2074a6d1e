import { z } from 'zod';
import { purpose } from './commands/folders.ts';
import { id, line } from './values.ts';

/** What a folder or file is chosen for; the engine grants it for that and nothing else. */
export type DesktopPurpose = z.infer<typeof purpose>;

/** Something that lies on the disk and can be shown in the system's file manager. */
export const place = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('project'), project: id }),
  z.strictObject({ kind: z.literal('image'), project: id, image: id }),
  z.strictObject({ kind: z.literal('export'), project: id, run: id.describe('The run that wrote the dataset') }),
  z.strictObject({ kind: z.literal('log') }),
]);
export type DesktopPlace = z.infer<typeof place>;

/** Something that a person chose in a dialog of the system, or dropped: the engine knows it by this id. */
export const desktopGrant = z.strictObject({
  id,
  /** Without the path, for people to read. */
  name: z.string(),
  /** `project` is a project file; a folder may be writable or not. */
  kind: z.enum(['folder', 'project']),
  writable: z.boolean(),
});
export type DesktopGrant = z.infer<typeof desktopGrant>;

/** What the page asks of the shell, by name: what it hands over. The shell checks every message against it. */
export const shellRequests = {
  pickFolder: z.tuple([purpose]),
  pickFiles: z.tuple([z.literal('project')]),
  saveAs: z.tuple([
    z.strictObject({
      /** Of the engine, such as those of `renderer/api/addresses.ts`. */
      address: z
        .string()
        .max(4000)
        .regex(/^\/api\/[\w\-./?=&%~+,:]+$/),
      name: line.max(200),
    }),
  ]),
  reveal: z.tuple([place]),
  grantDropped: z.tuple([z.array(z.string().max(32_768)).max(100_000)]),
  restartEngine: z.tuple([]),
} satisfies Record<string, z.ZodTuple>;
export type ShellRequest = keyof typeof shellRequests;

/** What menus and the system ask of the page. */
export type DesktopCommand =
  /** A user command by its id, such as `edit.undo`. */
  | { readonly kind: 'command'; readonly id: string }
  /** Project files or folders of images: double click, drop on the icon, a second start with a file. */
  | { readonly kind: 'open'; readonly grants: readonly DesktopGrant[] }
  /** A project of the recent list. */
  | { readonly kind: 'open-recent'; readonly recent: string };

/** The one bridge of the desktop shell. In a browser there is none, and everything works without it. */
export interface DesktopBridge<DroppedFile> {
  /** Undefined where the person gave up. */
  pickFolder(purpose: DesktopPurpose): Promise<DesktopGrant | undefined>;
  /** Project files; none where the person gave up. */
  pickFiles(purpose: 'project'): Promise<readonly DesktopGrant[]>;
  /**
   * Saves what an address of the engine answers (a model, a table, a picture) where the person chooses; `name` is
   * proposed. Gives the name that it got, undefined where the person gave up.
   */
  saveAs(file: { readonly address: string; readonly name: string }): Promise<string | undefined>;
  /** Shows something in the system's file manager. */
  reveal(place: DesktopPlace): Promise<void>;
  /**
   * Grants for dropped folders and project files, one for each file in its place; undefined for all others, which are
   * sent to the engine as uploads.
   */
  pathsOfDrop(files: readonly DroppedFile[]): Promise<readonly (DesktopGrant | undefined)[]>;
  /** Calls back with what menus and the system ask until the answer is called; what came before is not lost. */
  onCommand(listener: (command: DesktopCommand) => void): () => void;
  /** Starts the engine anew after it has ended, and shows the window again. */
  restartEngine(): Promise<void>;
}
