import type { Command } from 'commander';
import { scoreOptions } from '../../contract/options.ts';
import { score } from '../../engine/score.ts';
import { parseOptions } from '../arguments.ts';
import { createOutput } from '../output.ts';

/** `congeal score`: a finished run against known keypoints or boxes. */
export function addScore(program: Command): void {
  program
    .command('score <source>')
    .description('compare a finished run with known keypoints (PCK) or boxes (CorLoc)')
    .option('--points <file>', 'keypoints.csv: file,x0,y0,x1,y1,...')
    .option('--boxes <file>', 'boxes.csv with the true boxes')
    .option('--json', 'the result on one line')
    .addHelpText('after', '\nExample:\n  congeal score aligned --points keypoints.csv')
    .action(async (source: string, values: Record<string, unknown>) => {
      const { json, ...rest } = values;
      createOutput(json === true).result(await score(parseOptions(scoreOptions, { ...rest, source })));
    });
}
