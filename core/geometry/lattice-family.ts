import type { ParameterInfo } from './family.ts';
import { unitCentres } from './grid.ts';
import { planeMapOf, type PlaneMap } from './invert-map.ts';
import { piecewise } from './piecewise.ts';
import { latticePoints, thinPlate, type Cardinals } from './thin-plate.ts';

/** Families of warps that move control points: thin plate splines, piecewise maps, and flows of any resolution. */
export type LatticeName =
  'tps9' | 'tps16' | 'tps25' | 'piecewise9' | 'piecewise16' | 'piecewise25' | `flow:${number}x${number}`;

/** A family whose parameters are x and y of control points, x_1, y_1, x_2, y_2 and so on, row by row. */
export interface LatticeFamily {
  readonly name: LatticeName;
  readonly columns: number;
  readonly rows: number;
  readonly parameters: readonly ParameterInfo[];
  /** Parameters of the warp that changes nothing: the lattice itself, or no flow. */
  readonly identity: readonly number[];
  readonly cardinals: Cardinals;
}

const sides = { 9: 3, 16: 4, 25: 5 } as const;

function controlPoints(columns: number, rows: number, what: 'point' | 'flow'): readonly ParameterInfo[] {
  return Array.from({ length: rows * columns }, (_, i) => {
    const place = `${what} ${Math.floor(i / columns) + 1}, ${(i % columns) + 1}`;
    return [`${place} x`, `${place} y`].map((name): ParameterInfo => ({
      name,
      unit: 'half image',
      low: what === 'flow' ? -2 : -3,
      high: what === 'flow' ? 2 : 3,
    }));
  }).flat();
}

function moving(name: LatticeName, side: number, cardinals: (places: Float64Array) => Cardinals): LatticeFamily {
  const places = unitCentres(side, true);
  const solved = cardinals(places);
  return {
    name,
    columns: side,
    rows: side,
    parameters: controlPoints(side, side, 'point'),
    identity: solved.points.flatMap(({ x, y }) => [x, y]),
    cardinals: solved,
  };
}

function flow(name: LatticeName, columns: number, rows: number): LatticeFamily {
  return {
    name,
    columns,
    rows,
    parameters: controlPoints(columns, rows, 'flow'),
    identity: Array<number>(2 * columns * rows).fill(0),
    cardinals: piecewise(unitCentres(columns, false), unitCentres(rows, false), 'level'),
  };
}

const solved = new Map<LatticeName, LatticeFamily>();

/**
 * A lattice family by name, solved once: `tps16` is the thin plate spline with 4 x 4 control points that span the crop
 * from edge to edge, `piecewise16` the bilinear map between the same points, and `flow:12x8` shifts each of 12 x 8 cells of
 * the crop, with the shifts blended between the centres of the cells.
 */
export function latticeFamily(name: LatticeName): LatticeFamily {
  const known = solved.get(name);
  if (known) return known;
  const [, kind, first, second] = /^(tps|piecewise|flow:)(\d+)(?:x(\d+))?$/.exec(name) ?? [];
  let family: LatticeFamily;
  if (kind === 'flow:') family = flow(name, Number(first), Number(second));
  else {
    const side = sides[Number(first) as keyof typeof sides];
    family = moving(name, side, (places) =>
      kind === 'tps' ? thinPlate(latticePoints(places, places)) : piecewise(places, places, 'straight'),
    );
  }
  solved.set(name, family);
  return family;
}

/** True for names of lattice families; flows have 1 to 512 columns and rows. */
export function isLatticeName(name: string): name is LatticeName {
  if (/^(tps|piecewise)(9|16|25)$/.test(name)) return true;
  const sizes = /^flow:(\d{1,3})x(\d{1,3})$/.exec(name)?.slice(1).map(Number);
  return sizes?.every((size) => size >= 1 && size <= 512) ?? false;
}

/** The warp that parameters stand for, ready to be asked at many places. */
export function latticeMap({ cardinals, identity }: LatticeFamily, parameters: readonly number[]): PlaneMap {
  const field = cardinals.field(identity.map((value, i) => parameters[i] - value));
  const read = (x: number, y: number, into: Float64Array): void => {
    field.read(x, y, into);
    into[0] += x;
    into[1] += y;
    into[2] += 1;
    into[5] += 1;
  };
  return planeMapOf(read);
}
