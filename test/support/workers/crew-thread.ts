/** The program of threads in tests of crews: adds to a base, slowly, and fails at what it is told to fail at. */
import { serveTasks } from '../../../core/learn/crew/serve-tasks.ts';
import { adding, type AddTools } from './crew-task.ts';

serveTasks(
  (tools: AddTools) => {
    if (tools.base < 0) throw new Error('no such base');
    return Promise.resolve({ tools, dispose: () => Promise.resolve() });
  },
  [adding],
);
