import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { envelope } from '../../../../core/contract/envelope.ts';
import { createDoorFiles } from '../../../../core/engine/http/door-files.ts';
import { writable } from '../../../../core/engine/open-projects.ts';
import { createRandom } from '../../../../core/geometry/random.ts';
import { saveImages } from '../../../../core/store/images.ts';
import { openDoor, send } from '../../../support/door.ts';
import { engineWorld } from '../../../support/engine-world.ts';
import { dumpFolders, dumpWhenSettled } from '../../../support/folder-dump.ts';
import { hostileRequests } from '../../../support/hostile-requests.ts';
import { sampleImage, sampleRun } from '../../../support/project-samples.ts';

const seed = 2026;
const count = 2000;

it(`refuses ${count} hostile requests, and none changes anything`, async () => {
  const { engine, root } = engineWorld();
  const opened = engine.projects.open(join(root, 'victim.congeal'), { create: true });
  const project = writable(opened);
  const [image] = saveImages(project, [sampleImage(project, 'a.jpg', 'a'), sampleImage(project, 'b.jpg', 'b')]);
  const run = sampleRun(project);
  writeFileSync(join(root, 'a.jpg'), 'not really an image');
  const door = await openDoor(engine, await createDoorFiles());
  const folders = [dirname(root)];
  const before = await dumpWhenSettled(folders);
  const target = {
    host: `127.0.0.1:${door.port}`,
    token: door.token,
    ids: { project: opened.id, image: String(image), run: String(run) },
  };
  const passed: string[] = [];
  for (const request of hostileRequests(createRandom(seed), target, count)) {
    const { status, text, headers } = await send(door.port, request);
    const what = `${request.wrong}: ${request.method} ${request.path.slice(0, 120)} ${String(request.body ?? '').slice(0, 80)} -> ${status}`;
    if (status < 400 || status > 499) passed.push(`${what} ${text.slice(0, 200)}`);
    else if (headers['content-type']?.includes('json') === true && request.method !== 'HEAD')
      expect(envelope.safeParse(JSON.parse(text)).success, what).toBe(true);
  }
  expect(passed, `seed ${seed}`).toEqual([]);
  expect(dumpFolders(folders)).toEqual(before);
  expect(engine.projects.list().map(({ id }) => id)).toEqual([opened.id]);
  const health = await send(door.port, {
    method: 'GET',
    path: '/api/health',
    headers: { host: target.host, Authorization: `Bearer ${door.token}` },
  });
  expect(health.status).toBe(200);
});
