import { spawnSync } from 'node:child_process';

/** A Python that has some packages (that of CONGEAL_PYTHON, or the system's), if there is one. */
export function pythonWith(...packages: readonly string[]): string | undefined {
  const script = packages.map((name) => `import ${name}`).join('; ');
  return [process.env['CONGEAL_PYTHON'] ?? '', 'python3', '/usr/bin/python3'].find(
    (command) => command !== '' && spawnSync(command, ['-c', script]).status === 0,
  );
}
