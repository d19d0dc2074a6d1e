import { ask, button, make } from './dom.js';

/** Lets a person choose a folder within the granted roots; gives its grant, or undefined. */
export function chooseFolder(purpose, title) {
  return new Promise((resolve) => {
    const list = make('ul', { className: 'rows' });
    const path = make('div', { className: 'line faint' });
    const count = make('small', { className: 'faint' });
    let here;
    let several = true;
    const choose = button(
      'Choose this folder',
      async () => {
        resolve(await ask('POST', `/folders/${here}/choose`, { purpose }));
        dialog.close();
      },
      { className: 'main', disabled: true },
    );
    const cancel = button('Cancel', () => dialog.close());
    const dialog = make(
      'dialog',
      {
        onclose: () => {
          dialog.remove();
          resolve(undefined);
        },
      },
      make('h2', { textContent: title }),
      path,
      list,
      make('div', { className: 'line' }, count, cancel, choose),
    );
    const row = ({ id, name }) =>
      make(
        'li',
        {},
        button(name, () => open(id)),
      );
    const show = (entries, empty) =>
      list.replaceChildren(
        ...(entries.length > 0 ? entries.map(row) : [make('li', { className: 'empty', textContent: empty })]),
      );
    const open = async (id) => {
      const found = await ask('GET', `/folders/${id}`);
      here = id;
      choose.disabled = purpose === 'export' && !found.writable;
      const parents = found.parents.filter((parent) => parent.id !== id);
      path.replaceChildren(
        ...(several ? [button('Folders', roots, { className: 'quiet' }), '›'] : []),
        ...parents.flatMap((parent) => [button(parent.name, () => open(parent.id), { className: 'quiet' }), '›']),
        found.folder.name,
      );
      count.textContent =
        purpose === 'images'
          ? `${found.images} image${found.images === 1 ? '' : 's'} directly in it; subfolders count too`
          : '';
      show(found.folders, 'No folders in here.');
    };
    const roots = async () => {
      here = undefined;
      choose.disabled = true;
      const found = await ask('GET', '/folders');
      path.replaceChildren(make('span', { textContent: 'Where to look' }));
      count.textContent = '';
      several = found.roots.length > 1;
      if (found.roots.length === 1) await open(found.roots[0].id);
      else show(found.roots, 'No folder was granted; start with --root FOLDER.');
    };
    document.body.append(dialog);
    dialog.showModal();
    void roots();
  });
}
