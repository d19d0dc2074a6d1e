import type { LearnRun } from '../../../../core/contract/recipes.ts';

interface Choice<Value extends string> {
  readonly value: Value;
  readonly text: string;
  readonly hint?: string;
}

type Network = Extract<LearnRun['net'], string>;

/** The networks that come with the program, in plain words; `hasWindow`: a transformer looks for what matters. */
export const networks: readonly (Choice<Network> & { readonly hasWindow: boolean })[] = [
  {
    ...{ value: 'st-cnn', text: 'Window, then convolutions', hasWindow: true },
    hint: 'Looks for what matters, then looks closely. Right for most collections.',
  },
  {
    ...{ value: 'cluttered', text: 'Small window among clutter', hasWindow: true },
    hint: 'For small objects in large images: the window gives half as many pixels.',
  },
  {
    ...{ value: 'parallel', text: 'Two windows side by side', hasWindow: true },
    hint: 'For images whose class depends on two things in different places.',
  },
  {
    ...{ value: 'series', text: 'Two windows, one after the other', hasWindow: true },
    hint: 'The second one corrects what the first one left.',
  },
  {
    ...{ value: 'mid-network', text: 'Window between two layers', hasWindow: true },
    hint: 'Looks at the image first and moves what it has made of it.',
  },
  {
    ...{ value: 'st-fcn', text: 'Window, then plain layers', hasWindow: true },
    hint: 'Without convolutions; takes very small images.',
  },
  {
    ...{ value: 'cnn', text: 'Convolutions without a window', hasWindow: false },
    hint: 'To see what a window is worth.',
  },
  {
    ...{ value: 'fcn', text: 'Plain layers without a window', hasWindow: false },
    hint: 'The plainest network there is, to compare.',
  },
];

const splines = 'A thin plate that bends (spline).';
const pieces = 'Triangles between points that move.';
const learned = 'Which movements there are is learned, too.';

/** What a window can do, in plain words. */
export const families: readonly Choice<LearnRun['family']>[] = [
  { value: 'translation', text: 'Shift', hint: 'It moves and keeps its size.' },
  { value: 'attention', text: 'Shift and zoom', hint: 'It moves, grows and shrinks, and stays upright.' },
  { value: 'rotation', text: 'Turn', hint: 'It turns around the middle.' },
  { value: 'similarity', text: 'Shift, zoom and turn', hint: 'Shapes stay as they are.' },
  { value: 'affine', text: 'Also shear and stretch', hint: 'The usual choice (affine).' },
  { value: 'affine-lie', text: 'The same, by its logarithm', hint: 'Affine maps that never mirror.' },
  { value: 'projective', text: 'Also perspective', hint: 'For things that are seen at a slant.' },
  { value: 'projective-lie', text: 'Perspective, by its logarithm', hint: 'Perspective maps that never mirror.' },
  { value: 'tps9', text: 'Bend, 3 × 3 points', hint: splines },
  { value: 'tps16', text: 'Bend, 4 × 4 points', hint: splines },
  { value: 'tps25', text: 'Bend, 5 × 5 points', hint: splines },
  { value: 'piecewise9', text: 'Bend in pieces, 3 × 3', hint: pieces },
  { value: 'piecewise16', text: 'Bend in pieces, 4 × 4', hint: pieces },
  { value: 'piecewise25', text: 'Bend in pieces, 5 × 5', hint: pieces },
  { value: 'basis3', text: '3 learned movements', hint: learned },
  { value: 'basis6', text: '6 learned movements', hint: learned },
  { value: 'basis10', text: '10 learned movements', hint: learned },
];

/** How images are changed at random while it learns, in plain words. */
export const augmentations: readonly Choice<LearnRun['augment']>[] = [
  { value: 'none', text: 'As they are' },
  { value: 'rotation', text: 'Turned' },
  { value: 'projective', text: 'Turned and tilted' },
  { value: 'elastic', text: 'Bent' },
];
