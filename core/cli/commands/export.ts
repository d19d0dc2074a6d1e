import type { Command } from 'commander';
import { exportOptions } from '../../contract/options.ts';
import { exportDataset } from '../../engine/export.ts';
import { numeric } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { useCaseAction } from '../use-case-action.ts';

/** `congeal export`: crops from the originals. */
export function addExport(program: Command, context: CommandContext): void {
  program
    .command('export <source>')
    .description('render crops from the originals of a finished run (its folder, or its .congeal project file)')
    .requiredOption('--out <folder>', 'where the dataset goes')
    .option('--format <name>', 'folder: images and metadata.jsonl')
    .option('--size <pixels>', 'side of a crop (512)', numeric)
    .option('--interpolation <name>', 'nearest, bilinear or bicubic (the default)')
    .option(
      '--outside <policy>',
      'pixels from outside the original: border (the default), reflection, zeros or transparent',
    )
    .option('--margin <share>', 'more on every side of each crop, as a share of its size (0)', numeric)
    .option('--image <format>', 'png (the default), jpeg or webp')
    .option('--quality <number>', 'for jpeg and webp, 1 to 100 (92)', numeric)
    .option('--flagged', 'export flagged images too')
    .option('--force', 'write into an output folder that is not empty')
    .option('--strict', 'exit 1 when some images failed')
    .option('--json', 'one JSON object a line on standard output')
    .addHelpText(
      'after',
      '\nAn export that was stopped goes on where it was when the same command is given again.' +
        '\n\nExample:\n  congeal export aligned --out dataset --size 512',
    )
    .action(
      useCaseAction(
        { schema: exportOptions, operand: 'source', start: exportDataset, resumable: 'by the same words' },
        context,
      ),
    );
}
