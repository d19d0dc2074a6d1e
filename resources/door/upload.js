import { ask, byId, note } from './dom.js';

const looksLikeImage = /\.(jpe?g|png|webp|tiff?|gif|avif)$/i;

/** Files of a drop, folders opened, each with its path within the drop. */
async function filesOf(items) {
  const found = [];
  const walk = async (entry, path) => {
    if (entry.isFile) {
      const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
      if (looksLikeImage.test(entry.name)) found.push({ name: path + entry.name, file });
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (entries.length === 0) return;
      for (const one of entries) await walk(one, `${path}${entry.name}/`);
    }
  };
  // Both must be taken before anything is awaited: then the drop is over and its items are gone.
  const taken = [...items].map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }));
  for (const { entry, file } of taken) {
    if (entry !== null) await walk(entry, '');
    else if (file !== null && looksLikeImage.test(file.name)) found.push({ name: file.name, file });
  }
  return found;
}

/** Copies files into the project's folder and imports them. */
export async function upload(project, files) {
  if (files.length === 0) return note('No images among these files.', true);
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  const base = `/projects/${project}/uploads`;
  const { upload: id } = await ask('POST', base, { files: files.length, bytes });
  let done = 0;
  for (const { name, file } of files) {
    await ask('PUT', `${base}/${id}/files?name=${encodeURIComponent(name)}`, file).catch(() => undefined);
    byId('state').textContent = `copied ${++done} of ${files.length}`;
  }
  byId('state').textContent = '';
  await ask('POST', `${base}/${id}/finish`);
}

/** Calls back with the files that are dropped anywhere on the page. */
export function onDrop(take) {
  const veil = byId('drop');
  let depth = 0;
  const show = (change) => {
    depth = Math.max(0, depth + change);
    veil.hidden = depth === 0;
  };
  addEventListener('dragenter', () => show(1));
  addEventListener('dragleave', () => show(-1));
  addEventListener('dragover', (event) => event.preventDefault());
  addEventListener('drop', async (event) => {
    event.preventDefault();
    show(-depth);
    await take(await filesOf(event.dataTransfer.items)).catch(() => undefined);
  });
}
