import { text } from '../rule.ts';
import { numbers } from '../tensor.ts';
import type { Node, Value } from '../value.ts';
import type { Pass, Workshop } from './pass.ts';

/** Slices along different axes in a row are one slice; pads in a row are one pad. */
export const cutChains: Pass = {
  name: 'cut chains',
  start: () => (node, at) => slices(node, at) ?? pads(node, at),
};

/** A range of one axis, in numbers as a Slice node has them. */
interface Range {
  readonly axis: number;
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

function rangesOf({ inputs }: Node, rank: number, { constant }: Workshop): Range[] | undefined {
  const [starts, ends, axes, steps] = [1, 2, 3, 4].map((i) => inputs[i] && (constant(inputs[i]) ?? 'unknown'));
  if (!starts || !ends || [starts, ends, axes, steps].includes('unknown')) return undefined;
  const list = (of: typeof starts | null | undefined): number[] | undefined =>
    of && of !== 'unknown' ? numbers(of) : undefined;
  const [from, to, along, by] = [list(starts) ?? [], list(ends) ?? [], list(axes), list(steps)];
  return from.map((start, i) => {
    const axis = along?.[i] ?? i;
    return { axis: axis < 0 ? axis + rank : axis, start, end: to[i], step: by?.[i] ?? 1 };
  });
}

function slices(node: Node, at: Workshop): readonly Value[] | undefined {
  const [y] = node.inputs;
  const before = at.producer(y);
  const [x] = before?.inputs ?? [];
  if (node.op !== 'Slice' || before?.op !== 'Slice' || !x) return undefined;
  const [outer, inner] = [node, before].map((of) => rangesOf(of, x.shape.length, at));
  if (!outer || !inner || outer.some(({ axis }) => inner.some((range) => range.axis === axis))) return undefined;
  const all = [...inner, ...outer];
  const list = (pick: (range: Range) => number): Value => at.g.constant(all.map(pick), [all.length], 'int64');
  const bound = (end: number): number => Math.min(Math.max(end, -(2 ** 52)), 2 ** 52);
  return [
    at.g.node('Slice', [
      x,
      list((range) => bound(range.start)),
      list((range) => bound(range.end)),
      list((range) => range.axis),
      list((range) => range.step),
    ]),
  ];
}

interface Frame {
  readonly pads: readonly number[];
  readonly fill: number;
}

function frameOf({ inputs, attributes }: Node, rank: number, { constant }: Workshop): Frame | undefined {
  const [, listed, value, along] = inputs;
  if (text(attributes, 'mode', 'constant') !== 'constant') return undefined;
  const [given, filling, axes] = [listed, value, along].map((of) => (of ? (constant(of) ?? 'unknown') : undefined));
  if (!given || given === 'unknown' || filling === 'unknown' || axes === 'unknown') return undefined;
  const sizes = numbers(given);
  const at = axes ? numbers(axes).map((axis) => (axis < 0 ? axis + rank : axis)) : [...Array(rank).keys()];
  const all = Array.from({ length: 2 * rank }, () => 0);
  at.forEach((axis, i) => {
    all[axis] = sizes[i];
    all[axis + rank] = sizes[i + at.length];
  });
  return { pads: all, fill: filling ? numbers(filling)[0] : 0 };
}

function pads(node: Node, at: Workshop): readonly Value[] | undefined {
  const [y] = node.inputs;
  const before = at.producer(y);
  const [x] = before?.inputs ?? [];
  if (node.op !== 'Pad' || before?.op !== 'Pad' || !x || !y || !at.readOnce(y)) return undefined;
  const [outer, inner] = [node, before].map((of) => frameOf(of, x.shape.length, at));
  if (!outer || !inner || outer.fill !== inner.fill) return undefined;
  /* Taking away after adding is not adding less, on the other side of an axis neither: what lay there is gone. */
  const rank = x.shape.length;
  const fits = x.shape.every((_, axis) => {
    const [own, before] = [outer, inner].map(({ pads: all }) => [all[axis], all[axis + rank]]);
    const untouched = [own, before].some((pair) => pair.every((size) => size === 0));
    return untouched || [...own, ...before].every((size) => size >= 0);
  });
  if (!fits) return undefined;
  const sum = at.g.constant(
    outer.pads.map((size, i) => size + inner.pads[i]),
    [outer.pads.length],
    'int64',
  );
  const fill = outer.fill === 0 ? null : at.g.constant(outer.fill, [], x.dtype);
  return [at.g.node('Pad', [x, sum, fill], { mode: 'constant' })];
}
