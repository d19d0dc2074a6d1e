import type { Command } from 'commander';

const lines = [
  'The window is not built yet; the command line does the whole job:',
  '',
  '  npm run demo                                             the main job on sample collections, with a report to open',
  '  npm run congeal -- find FOLDER --out found               find the common object in every image',
  '  npm run congeal -- align FOLDER --out aligned            bring every image into one canonical pose',
  '  npm run congeal -- apply --model M.onnx FOLDER --out DIR use a learned transformer on new images',
  '  npm run congeal -- export aligned --out dataset          render the crops from the originals',
  '  npm run congeal -- score aligned --points points.csv     compare with known points or boxes',
  '',
  'Add --help to any of them.',
];

/** `congeal start`: what `npm start` runs. */
export function addStart(program: Command): void {
  program
    .command('start')
    .description('open the window (until it exists: say what to run instead)')
    .addHelpText('after', '\nExample:\n  congeal start')
    .action(() => {
      process.stdout.write(`${lines.join('\n')}\n`);
    });
}
