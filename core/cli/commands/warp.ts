import { InvalidArgumentError, type Command } from 'commander';
import { warpOptions } from '../../contract/options.ts';
import { warp } from '../../engine/warp.ts';
import { numeric } from '../arguments.ts';
import type { CommandContext } from '../command-context.ts';
import { useCaseAction } from '../use-case-action.ts';

/** Reads `0.5,0,-0.2`. */
function numbers(text: string): readonly number[] {
  return text
    .trim()
    .split(/[\s,]+/)
    .map(numeric);
}

/** Reads `256` or `320x240`. */
function size(text: string): readonly number[] {
  const sides = text.split('x').map(numeric);
  if (sides.length > 2) throw new InvalidArgumentError(`Expected a side or WIDTHxHEIGHT, found '${text}'.`);
  return sides.length === 1 ? [sides[0], sides[0]] : sides;
}

/** `congeal warp`: one image under one transform, forwards or in reverse. */
export function addWarp(program: Command, context: CommandContext): void {
  program
    .command('warp <image>')
    .description('show one image under one transform: the picture, the places that are read, holes and overlaps')
    .option('--out <folder>', 'where warped.png, points.png and warp.json go', 'congeal-warp')
    .option(
      '--direction <name>',
      'reverse (the default): every target pixel asks; forward: every source pixel is dropped',
    )
    .option(
      '--family <name>',
      'translation, attention, rotation, similarity, affine (the default), projective, affine-lie, projective-lie, tps9, tps16, tps25, piecewise9, piecewise16, piecewise25, basis3, basis6, basis10, flow:COLUMNSxROWS',
    )
    .option('--theta <numbers>', "the family's parameters, separated by commas (its identity)", numbers)
    .option('--size <pixels>', "size of the crop, a side or WIDTHxHEIGHT (the image's)", size)
    .option('--interpolation <name>', 'reverse: nearest, bilinear (the default) or bicubic')
    .option('--padding <policy>', 'reverse, outside the image: zeros (the default), border, reflection or transparent')
    .option('--splat <name>', 'forward: nearest (the default) or bilinear')
    .option('--no-normalise', 'forward: add up what falls on a pixel instead of dividing by how much it is')
    .option('--align-corners', '±1 are the centres of the corner pixels instead of the outer edges')
    .option('--allow-damaged', 'take a file that ends too early')
    .option('--force', 'write into an output folder that is not empty')
    .option('--json', 'one JSON object a line on standard output')
    .addHelpText(
      'after',
      '\nTheta maps the crop to the image, both from -1 to 1.\n\nExample:\n  congeal warp photo.jpg --family attention --theta 0.5,0.2,0 --direction forward --out warped',
    )
    .action(
      useCaseAction({ schema: warpOptions, operand: 'image', start: warp, resumable: 'by beginning again' }, context),
    );
}
