import { ask, byId, note } from './dom.js';
import { projectView } from './project.js';
import { showFrame, showProgress } from './runs.js';
import { showStart } from './start.js';
import { onDrop, upload } from './upload.js';

let project;
let view;
let create;

function open(opened) {
  project = opened;
  location.hash = opened.id;
  view = projectView(opened);
}

async function home() {
  project = undefined;
  view = undefined;
  history.replaceState(null, '', '/');
  byId('state').textContent = '';
  create = await showStart(open);
}

/** Calls a function at most once in a while, and once more when it was asked for meanwhile. */
function calmly(action, milliseconds) {
  let timer;
  return () => (timer ??= setTimeout(() => ((timer = undefined), void action()?.catch(() => undefined)), milliseconds));
}

const refresh = calmly(() => view?.refresh(), 150);
const reload = calmly(() => view?.reload(), 600);

function hear(event) {
  if (event.event === 'reset') return (refresh(), reload());
  if (event.event === 'note') return note(event.message, event.level === 'error');
  if (view === undefined || event.project !== project.id) return;
  if (event.event === 'run-progress') showProgress(view.lines, event.run, event.progress);
  if (event.event === 'run-changed') refresh();
  if (event.event === 'images-changed' || event.event === 'transforms-changed') reload();
  if (event.event === 'run-frame') showFrame(`/projects/${project.id}`, event.run, event.frame);
}

const events = new EventSource('/api/events');
events.addEventListener('message', ({ data }) => hear(JSON.parse(data)));
events.addEventListener('error', () => {
  const over = events.readyState === EventSource.CLOSED;
  byId('state').textContent = over ? 'The engine has ended; start it again.' : 'connecting again…';
});
events.addEventListener('open', () => {
  byId('state').textContent = '';
  reload();
});

byId('home').addEventListener('click', () => void home().catch(() => undefined));
onDrop(async (files) => {
  if (project === undefined)
    await create(files.length > 0 ? { name: files[0].name.split('/')[0].replace(/\.\w+$/, '') } : undefined);
  await upload(project.id, files);
});

const { projects } = await ask('GET', '/projects');
const wanted =
  projects.find(({ id }) => id === location.hash.slice(1)) ?? (projects.length === 1 ? projects[0] : undefined);
if (wanted === undefined) await home();
else open(wanted);
