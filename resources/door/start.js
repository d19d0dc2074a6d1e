import { ask, button, byId, make } from './dom.js';
import { chooseFolder } from './folders.js';

/** The first view: what was open lately, and ways to begin. */
export async function showStart(open) {
  byId('title').textContent = '';
  byId('place').textContent = '';
  const [{ projects: recent }, { projects: opened }] = await Promise.all([
    ask('GET', '/projects/recent'),
    ask('GET', '/projects'),
  ]);
  const name = make('input', {
    value: '',
    placeholder: 'Name of the project',
    maxLength: 80,
    'aria-label': 'Name of the project',
  });
  const create = async (images) => {
    const made = await ask('POST', '/projects', {
      name: name.value.trim() || images?.name || 'Untitled',
      images: images?.id ?? null,
    });
    open(made.project);
  };
  const entry = (title, place, hint, press) => {
    const line = button('', press);
    line.append(make('span', {}, title, make('small', { textContent: place })), make('small', { textContent: hint }));
    return make('li', {}, line);
  };
  const rows = [
    ...opened.map((project) => entry(project.name, project.place, 'open', () => open(project))),
    ...recent.map((project) =>
      entry(project.name, project.place, project.missing ? 'not found' : `${project.images} images`, async () => {
        open((await ask('POST', '/projects/open', { from: { recent: project.id } })).project);
      }),
    ),
  ];
  byId('main').replaceChildren(
    make(
      'div',
      { className: 'start' },
      make(
        'section',
        { className: 'card' },
        make('h2', { textContent: 'New project' }),
        make('label', { className: 'field' }, make('small', { textContent: 'Name' }), name),
        make(
          'div',
          { className: 'line' },
          button(
            'Choose a folder of images…',
            async () => {
              const grant = await chooseFolder('images', 'Choose a folder of images');
              if (grant !== undefined) await create(grant);
            },
            { className: 'main' },
          ),
          button('Empty project', () => create()),
        ),
        make('div', { className: 'zone' }, 'or drop images or a folder anywhere'),
        make(
          'p',
          { className: 'faint' },
          'No images at hand? ',
          button('Draw a sample collection', async () => {
            open((await ask('POST', '/projects/sample', {})).project);
          }),
        ),
      ),
      make(
        'section',
        { className: 'card' },
        make('h2', { textContent: 'Projects' }),
        rows.length > 0
          ? make('ul', { className: 'rows' }, ...rows)
          : make('p', { className: 'empty', textContent: 'Projects that you open appear here.' }),
      ),
    ),
  );
  name.focus();
  return create;
}
