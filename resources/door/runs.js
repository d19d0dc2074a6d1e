import { ask, button, byId, make } from './dom.js';

const words = {
  import: 'Import',
  find: 'Find the object',
  align: 'Align',
  learn: 'Learn',
  apply: 'Apply',
  export: 'Export',
};

/** Time in words. */
function lasting(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 3600 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

function describe({ status, failure, progress }) {
  if (status === 'failed') return failure?.reason ?? 'failed';
  if (status !== 'running' || progress === null) return status;
  const parts = [progress.phase];
  if (progress.total > 0) parts.push(`${progress.done} of ${progress.total}`);
  if (progress.secondsLeft !== null) parts.push(`${lasting(progress.secondsLeft)} left`);
  return parts.join(' · ');
}

/** One line about a run that has not finished: how far it is, and what can be done about it. */
export function runLine(base, run, refresh) {
  const act = (text, verb) =>
    button(text, async () => {
      await ask('POST', `${base}/runs/${run.id}/${verb}`);
      await refresh();
    });
  const running = run.status === 'running' || run.status === 'queued';
  return make(
    'div',
    { className: 'run', 'data-run': run.id },
    make(
      'span',
      {},
      make('b', { textContent: `${words[run.kind]}  ` }),
      make('span', { className: 'faint', textContent: describe(run) }),
    ),
    make(
      'span',
      { className: 'line' },
      running ? act('Pause', 'pause') : null,
      !running && run.resumable ? act('Resume', 'resume') : null,
      running || run.status === 'paused' ? act('Cancel', 'cancel') : null,
    ),
    running
      ? make('progress', run.progress?.total > 0 ? { max: run.progress.total, value: run.progress.done } : {})
      : null,
  );
}

/** Brings a run's line up to date without making it anew. */
export function showProgress(lines, id, progress) {
  const line = lines.querySelector(`[data-run="${CSS.escape(id)}"]`);
  const bar = line?.querySelector('progress');
  if (!bar) return;
  line.querySelector('.faint').textContent = describe({ status: 'running', progress });
  if (progress.total > 0) Object.assign(bar, { max: progress.total, value: progress.done });
  else bar.removeAttribute('value');
}

/** Shows a frame of the film of a run while it goes on. */
export function showFrame(base, run, frame) {
  const film = byId('film');
  if (film === null || frame === undefined) return;
  film.hidden = false;
  film.querySelector('img').src = `/api${base}/runs/${run}/frames/${frame}`;
}

/** The panel beside the collection: the mean image and the figures of the latest result. */
export function sidePanel(base, runs, result) {
  const running = runs.find(({ status }) => status === 'running');
  const picture = (run, name, title) =>
    make(
      'figure',
      {},
      make('img', { alt: title, src: `/api${base}/runs/${run.id}/pictures/${name}` }),
      make('figcaption', {}, make('span', { textContent: title })),
    );
  const film = make(
    'figure',
    { id: 'film', hidden: true },
    make('img', { alt: 'Mean image so far' }),
    make('figcaption', {}, make('span', { textContent: 'Mean image so far' })),
  );
  const titles = { mean: 'Mean of all images', 'mean-before': 'Mean before', std: 'Standard deviation' };
  const figures = Object.entries(result?.figures ?? {}).filter(([, value]) => typeof value === 'number');
  const number = (value) => (Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(4))));
  return [
    running === undefined ? null : film,
    make('h2', {
      textContent: result === undefined ? 'No result yet' : `${words[result.kind]}: ${result.images} images`,
    }),
    result === undefined
      ? make('p', {
          className: 'faint',
          textContent:
            'Find the object, or align the images; the mean image appears here and sharpens while they come to agree.',
        })
      : null,
    ...Object.keys(titles)
      .filter((name) => result?.pictures.includes(name))
      .map((name) => picture(result, name, titles[name])),
    figures.length > 0
      ? make(
          'dl',
          {},
          ...figures.flatMap(([name, value]) => [
            make('dt', { textContent: name }),
            make('dd', { textContent: number(value) }),
          ]),
        )
      : null,
  ].filter((part) => part !== null);
}
