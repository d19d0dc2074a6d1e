import type { Command } from 'commander';
import { learnOptions, shippedNetworks } from '../../contract/options.ts';
import { learn } from '../../engine/learn/learn.ts';
import { numeric, parseOptions, withRunOptions } from '../arguments.ts';
import { cancelledLines } from '../cancelled.ts';
import type { CommandContext } from '../command-context.ts';
import { runUseCase } from '../run-use-case.ts';
import { summarise } from '../summary.ts';

/** `congeal learn`: a classifier with spatial transformers inside. */
export function addLearn(program: Command, context: CommandContext): void {
  const command = program
    .command('learn [folder]')
    .description('train a classifier with spatial transformers inside; folders are classes')
    .requiredOption('--out <folder>', 'where classifier.onnx, its transformers, report.html and network.json go')
    .option('--idx <files...>', 'learn from idx files: IMAGES LABELS (gzipped or not)')
    .option('--test-idx <files...>', 'test with idx files: IMAGES LABELS')
    .option('--test <folder>', 'test with the class folders in there')
    .option('--net <name>', `${shippedNetworks.join(', ')}, or FILE.json (st-cnn)`)
    .option('--family <name>', 'family of transformers whose network does not say it (affine)')
    .option(
      '--transformer-rate <factor>',
      'factor on the learning rate of transformers that do not say it (0.3)',
      numeric,
    )
    .option('--size <pixels>', 'side of the squares that image files become (48)', numeric)
    .option('--epochs <number>', 'passes over the examples (30)', numeric)
    .option('--batch <number>', 'examples per step (64)', numeric)
    .option('--rate <number>', 'largest learning rate (0.002)', numeric)
    .option('--schedule <name>', 'how the rate goes down: cosine (the default), steps or constant')
    .option('--warm-up <steps>', 'steps over which the rate rises (50)', numeric)
    .option('--weight-decay <number>', 'pull of weights toward 0 (0)', numeric)
    .option('--label-smoothing <share>', 'share of each label that is spread over all classes (0.1)', numeric)
    .option(
      '--easing <share>',
      'share of the training over which the changes of --augment grow to full strength (0)',
      numeric,
    )
    .option('--patience <epochs>', 'end when validation has not got better for so long (10; 0: never)', numeric)
    .option('--augment <name>', 'change pictures while training: none (the default), rotation, projective or elastic')
    .option('--validation <share>', 'share of the examples that chooses the epoch (0.1)', numeric)
    .option('--test-share <share>', 'share that is tested with where there is no test set (0.2)', numeric)
    .option('--no-optimise', 'run graphs as they are built, not simplified: slower, the same but for rounding')
    .option('--resume', 'go on with the interrupted run in the output folder')
    .option('--allow-damaged', 'use what can be decoded of truncated images')
    .addHelpText(
      'after',
      '\nThe subfolders of FOLDER are the classes; networks of your own are described in docs/networks.md.\n' +
        '\nExamples:\n  congeal learn animals --out learned\n' +
        '  congeal learn --idx train-images.gz train-labels.gz --test-idx test-images.gz test-labels.gz --net st-cnn --out learned',
    );
  withRunOptions(command).action(async (folder: string | undefined, { json, strict, ...values }: Given) => {
    const options = parseOptions(learnOptions, { ...values, folder });
    const status = await runUseCase((useCase) => learn(options, useCase), {
      json: json === true,
      strict: strict === true,
      cancelled: cancelledLines(context.argv, 'with --resume'),
      summary: summarise,
    });
    context.finish(status);
  });
}

type Given = Record<string, unknown>;
