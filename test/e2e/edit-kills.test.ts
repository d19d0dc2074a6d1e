import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listEdits } from '../../core/store/edits.ts';
import { closeProject, openProject } from '../../core/store/project-file.ts';
import { engineAt } from '../support/engine-world.ts';
import { dumpEdits, editableWorld, everyEdit, type EditedThrough } from '../support/every-edit.ts';
import { clientAt, startServe } from '../support/serve.ts';

/** What edits have made of a project, and which of them stand. */
function stateOf(path: string): string {
  const project = openProject(path, { readOnly: true });
  try {
    const log = listEdits(project, 1000).map(({ id, label, undone }) => [id, label, undone]);
    return `${dumpEdits(project, 'without times')} ${JSON.stringify(log)}`;
  } finally {
    closeProject(project);
  }
}

/** Starts an engine of its own process on a project, asks it for something, and kills it as soon as it has answered. */
async function askAndKill(file: string, stateFolder: string, ask: (engine: EditedThrough) => Promise<unknown>) {
  const { command, address } = await startServe([file], stateFolder);
  const client = clientAt(address);
  const [{ id: project }] = (await client.projects.list()).projects;
  await ask({ client, project });
  command.kill('SIGKILL');
  expect((await command.finished).signal).toBe('SIGKILL');
}

it('an edit of any kind is there when the engine is killed as soon as it has answered, and so are undo and redo', async () => {
  const [calm, killed] = [await editableWorld(), await editableWorld()];
  for (const { engine } of [calm, killed]) await engine.close();
  const asked = (world: typeof calm) => [
    ...Object.entries(everyEdit(world)),
    ...(['undo', 'redo'] as const).map(
      (name) =>
        [
          `history.${name}`,
          ({ client, project }: EditedThrough) => client.history[name]({ params: { project } }),
        ] as const,
    ),
  ];
  const [file, other] = [killed, calm].map(({ root }) => join(root, 'test.congeal'));
  const expected: string[] = [];
  for (const [, ask] of asked(calm)) {
    const { engine, client } = engineAt(calm);
    await ask({ client, project: engine.projects.open(other).id });
    await engine.close();
    expected.push(stateOf(other));
  }
  expect(new Set(expected).size).toBeGreaterThan(expected.length - 2);
  for (const [n, [name, ask]] of asked(killed).entries()) {
    await askAndKill(file, killed.stateFolder, ask);
    expect(stateOf(file), name).toBe(expected[n]);
  }
});
