import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listCommands } from '../../../../core/contract/commands.ts';
import { envelope } from '../../../../core/contract/envelope.ts';
import { writable } from '../../../../core/engine/open-projects.ts';
import { createRandom } from '../../../../core/geometry/random.ts';
import { saveImages } from '../../../../core/store/images.ts';
import { openDoor, send } from '../../../support/door.ts';
import { engineWorld } from '../../../support/engine-world.ts';
import { dumpFolders, dumpWhenSettled } from '../../../support/folder-dump.ts';
import { mutantsOf } from '../../../support/hostile/mutants.ts';
import { sampleImage, sampleRun } from '../../../support/project-samples.ts';

const seed = 2027;
/** Of each command so many are sent at most, and so many there must be at least. */
const most = 40;
const least = 12;

it('refuses requests that differ from fitting ones in one place, for every command, and none changes anything', async () => {
  const { engine, root, stateFolder } = engineWorld();
  const opened = engine.projects.open(join(root, 'victim.congeal'), { create: true });
  const project = writable(opened);
  const [image] = saveImages(project, [sampleImage(project, 'a.jpg', 'a'), sampleImage(project, 'b.jpg', 'b')]);
  const run = sampleRun(project);
  const door = await openDoor(engine);
  const folders = [root, stateFolder];
  const before = await dumpWhenSettled(folders);
  const target = {
    host: `127.0.0.1:${door.port}`,
    token: door.token,
    ids: { project: opened.id, image: String(image), run: String(run) },
  };
  const passed: string[] = [];
  let sent = 0;
  const random = createRandom(seed);
  for (const [name, command] of listCommands()) {
    const all = mutantsOf(command, target, random.fork(name));
    expect(all.length, name).toBeGreaterThanOrEqual(least);
    for (const request of random.fork(`${name} order`).shuffle(all).slice(0, most)) {
      sent += 1;
      const { status, text, headers } = await send(door.port, request);
      const what = `${name}: ${request.wrong}: ${request.path.slice(0, 120)} ${String(request.body ?? '').slice(0, 300)} -> ${status}`;
      if (status < 400 || status > 499) passed.push(`${what} ${text.slice(0, 200)}`);
      else if (headers['content-type']?.includes('json') === true)
        expect(envelope.safeParse(JSON.parse(text)).success, what).toBe(true);
    }
  }
  expect(passed, `seed ${seed}`).toEqual([]);
  expect(sent).toBeGreaterThanOrEqual(3000);
  expect(dumpFolders(folders)).toEqual(before);
  expect(engine.projects.list().map(({ id }) => id)).toEqual([opened.id]);
});
