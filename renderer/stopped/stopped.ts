import { desktop } from '../api/desktop.ts';
import '../style/tokens.css';
import '../style/base.css';
import './stopped.css';

/*
 * What the desktop shell shows when the engine has ended by itself: the reason, where the log lies, and a way to go on. It
 * needs nothing of the engine, and no framework.
 */

const asked = new URLSearchParams(location.search);

function part(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element #${id}.`);
  return found;
}

const log = asked.get('log');
const reason = asked.get('reason') ?? 'unknown';
part('reason').textContent = `The engine has ended: ${reason}.`;
part('log').hidden = log === null;
part('log-place').textContent = log;

const restart = part('restart') as HTMLButtonElement;
restart.disabled = desktop === undefined;
restart.addEventListener('click', () => {
  restart.disabled = true;
  part('state').textContent = '';
  desktop
    ?.restartEngine()
    .catch((error: unknown) => {
      part('state').textContent = `It could not be started: ${error instanceof Error ? error.message : String(error)}`;
    })
    .finally(() => (restart.disabled = false));
});
restart.focus();
