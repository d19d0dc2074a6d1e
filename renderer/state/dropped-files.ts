/** A file of a drop, with its path within the drop. */
export interface DroppedFile {
  readonly name: string;
  readonly file: File;
}

const looksLikeImage = /\.(jpe?g|png|webp|tiff?|gif|avif|heic|heif|bmp)$/i;

/** What was dropped, taken before the drop is over: entries of folders and files can be read at leisure afterwards. */
export function takeDrop(transfer: DataTransfer): readonly (FileSystemEntry | File)[] {
  return [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? item.getAsFile() ?? []);
}

/** The images among dropped files and in dropped folders, with paths as they were dropped. */
export async function imagesOf(dropped: readonly (FileSystemEntry | File)[]): Promise<readonly DroppedFile[]> {
  const found: DroppedFile[] = [];
  for (const one of dropped) {
    if (one instanceof File) found.push({ name: one.name, file: one });
    else for await (const file of walk(one, '')) found.push(file);
  }
  return found.filter(({ name }) => looksLikeImage.test(name));
}

/** A good name for a project of a drop: that of its only folder. */
export function nameOfDrop(dropped: readonly (FileSystemEntry | File)[]): string {
  const only = dropped.length === 1 ? dropped[0] : undefined;
  return only !== undefined && !(only instanceof File) && only.isDirectory ? only.name : 'Dropped images';
}

async function* walk(entry: FileSystemEntry, path: string): AsyncGenerator<DroppedFile> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    yield { name: path + entry.name, file };
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A reader gives a folder in pieces; an empty one is the end.
    const entries = await new Promise<readonly FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    if (entries.length === 0) return;
    for (const one of entries) yield* walk(one, `${path}${entry.name}/`);
  }
}
