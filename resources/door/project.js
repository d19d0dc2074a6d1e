import { ask, button, byId, make } from './dom.js';
import { chooseFolder } from './folders.js';
import { runLine, showFrame, sidePanel } from './runs.js';

const pageSize = 120;

/** The view of one project: its images in original or aligned pose, its runs, its mean image. */
export function projectView(project) {
  const base = `/projects/${project.id}`;
  let runs = [];
  let aligned = false;
  let next = null;
  let loading = false;
  const grid = make('div', { className: 'grid' });
  const lines = make('div');
  const side = make('aside', { className: 'side' });
  const sentinel = make('div');
  const search = make('input', {
    type: 'search',
    placeholder: 'Filter by name',
    'aria-label': 'Filter by name',
    oninput: () => void reload(),
  });
  const sort = make(
    'select',
    { 'aria-label': 'Sort by', onchange: () => void reload() },
    make('option', { value: 'name', textContent: 'By name' }),
    make('option', { value: 'worst', textContent: 'Worst first' }),
    make('option', { value: 'bytes', textContent: 'By size' }),
  );
  const original = button('Original', () => look(false), { 'aria-pressed': 'true' });
  const posed = button('Aligned', () => look(true), { 'aria-pressed': 'false', disabled: true });
  const busy = () => runs.some(({ status }) => ['queued', 'running', 'paused'].includes(status));
  const result = () => runs.find(({ kind, status }) => ['align', 'find', 'apply'].includes(kind) && status === 'done');
  const begin = (path, body) => async () => {
    await ask('POST', base + path, body);
    await refresh();
  };
  const actions = [
    button('Import folder…', async () => {
      const grant = await chooseFolder('images', 'Choose a folder of images');
      if (grant !== undefined) await begin('/images/import', { folder: grant.id })();
    }),
    button('Find the object', begin('/runs/find', {})),
    button('Align', begin('/runs/align', {}), { className: 'main' }),
    button('Export…', async () => {
      const grant = await chooseFolder('export', 'Where shall the dataset go?');
      if (grant !== undefined)
        await begin('/exports', {
          place: grant.id,
          name: `${project.name} ${result().id}`,
          options: { run: result().id },
        })();
    }),
  ];

  function look(atAligned) {
    aligned = atAligned;
    void reload();
  }

  function tile(image) {
    const wanted = aligned && image.aligned !== null;
    const version = wanted ? image.aligned : image.thumbnail;
    const query = wanted ? `aligned?run=${result().id}&side=256&v=${version}` : `thumbnail?side=256&v=${version}`;
    const picture =
      image.status === 'ready'
        ? make('img', {
            loading: 'lazy',
            decoding: 'async',
            alt: image.name,
            src: `/api${base}/images/${image.id}/${query}`,
          })
        : make('div', { className: 'blank', textContent: image.failure?.reason ?? image.status });
    const score = image.scores.similarity ?? image.scores.confidence;
    return make(
      'figure',
      { className: image.result === 'flagged' ? 'flagged' : '', title: image.name },
      picture,
      make(
        'figcaption',
        {},
        make('span', { textContent: image.name }),
        make('span', { textContent: score?.toFixed(2) ?? '' }),
      ),
    );
  }

  async function page() {
    if (loading) return;
    loading = true;
    const run = result();
    const query = new URLSearchParams({ limit: String(pageSize) });
    if (run !== undefined) query.set('run', run.id);
    if (search.value.trim() !== '') query.set('text', search.value.trim());
    if (sort.value === 'worst') {
      query.set('sort', 'score');
      query.set('by', run?.kind === 'find' ? 'confidence' : 'similarity');
    } else query.set('sort', sort.value);
    if (next !== null) query.set('cursor', next);
    const found = await ask('GET', `${base}/images?${query}`).finally(() => (loading = false));
    if (next === null) grid.replaceChildren();
    next = found.next;
    grid.append(...found.images.map(tile));
    byId('state').textContent = `${found.total} image${found.total === 1 ? '' : 's'}`;
    if (found.total === 0) {
      const nothing =
        search.value === ''
          ? 'No images yet. Import a folder, or drop images anywhere.'
          : 'No image has this in its name.';
      grid.replaceChildren(make('p', { className: 'empty', textContent: nothing }));
    }
    if (next !== null) grid.append(sentinel);
  }

  async function reload() {
    original.setAttribute('aria-pressed', String(!aligned));
    posed.setAttribute('aria-pressed', String(aligned));
    next = null;
    await page();
  }

  async function refresh() {
    const before = result()?.id;
    runs = (await ask('GET', `${base}/runs?limit=20`)).runs;
    posed.disabled = result() === undefined;
    for (const action of actions) action.disabled = project.readOnly || busy();
    actions[3].disabled ||= result() === undefined;
    const shown = runs.filter(
      ({ status }, at) => ['queued', 'running', 'paused'].includes(status) || (at === 0 && status !== 'done'),
    );
    lines.replaceChildren(...shown.map((run) => runLine(base, run, refresh)));
    side.replaceChildren(...sidePanel(base, runs, result()));
    const going = runs.find(({ status }) => status === 'running');
    if (going !== undefined) {
      const { frames } = await ask('GET', `${base}/runs/${going.id}/frames`);
      showFrame(base, going.id, frames.at(-1)?.id);
    }
    if (result()?.id !== before && result() !== undefined) await (result().kind === 'align' ? look(true) : reload());
  }

  const watch = new IntersectionObserver(([{ isIntersecting }]) => isIntersecting && next !== null && void page());
  watch.observe(sentinel);
  byId('title').textContent = project.name;
  byId('place').textContent = project.readOnly ? `for looking only: ${project.readOnlyReason}` : project.place;
  byId('main').replaceChildren(
    make(
      'div',
      { className: 'work' },
      make(
        'section',
        { className: 'collection' },
        make(
          'div',
          { className: 'bar' },
          ...actions,
          make('span', { className: 'push' }),
          search,
          sort,
          make('span', { className: 'group' }, original, posed),
        ),
        lines,
        grid,
      ),
      side,
    ),
  );
  void refresh().then(reload);
  return { refresh, reload, side, lines };
}
