/**
 * A pseudo-random number in [0, 1) that belongs to a lattice point.
 *
 * **Source** integer hash in the manner of Murmur3's finaliser.
 */
export function latticeNoise(x: number, y: number, seed: number): number {
  let hash = (Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1)) | 0;
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296;
}

/** Smooth noise in [0, 1]: lattice values with smoothstep between them; one lattice cell is one unit of x and y. */
export function valueNoise(x: number, y: number, seed: number): number {
  const column = Math.floor(x);
  const row = Math.floor(y);
  const fx = x - column;
  const fy = y - row;
  const u = fx * fx * (3 - 2 * fx);
  const v = fy * fy * (3 - 2 * fy);
  const top = latticeNoise(column, row, seed) * (1 - u) + latticeNoise(column + 1, row, seed) * u;
  const bottom = latticeNoise(column, row + 1, seed) * (1 - u) + latticeNoise(column + 1, row + 1, seed) * u;
  return top * (1 - v) + bottom * v;
}

/** Fractal noise in [0, 1]: octaves of value noise, each twice as fine and half as strong. */
export function fractalNoise(x: number, y: number, seed: number, octaves: number): number {
  let sum = 0;
  let weight = 0.5;
  let total = 0;
  for (let octave = 0; octave < octaves; octave++) {
    // The offset keeps the octaves' lattice points from coinciding.
    sum += weight * valueNoise(x + octave * 17.3, y - octave * 9.7, seed + octave);
    total += weight;
    weight *= 0.5;
    x *= 2.03;
    y *= 2.03;
  }
  return sum / total;
}

/** Where a point lies among scattered cells: distances to the nearest and second nearest centre, and whose it is. */
export interface CellPlace {
  nearest: number;
  second: number;
  /** A number in [0, 1) that belongs to the cell. */
  identity: number;
}

/**
 * Writes into `place` where (x, y) lies among cells with one jittered centre per unit square.
 *
 * **Source** S. Worley, "A cellular texture basis function", SIGGRAPH 1996.
 */
export function cellNoise(x: number, y: number, seed: number, place: CellPlace): void {
  const column = Math.floor(x);
  const row = Math.floor(y);
  let nearest = 9;
  let second = 9;
  for (let cellRow = row - 1; cellRow <= row + 1; cellRow++) {
    for (let cellColumn = column - 1; cellColumn <= column + 1; cellColumn++) {
      const jitter = latticeNoise(cellColumn, cellRow, seed);
      const dx = cellColumn + 0.15 + 0.7 * jitter - x;
      const dy = cellRow + 0.15 + 0.7 * ((jitter * 1733.7) % 1) - y;
      const square = dx * dx + dy * dy;
      if (square < nearest) {
        second = nearest;
        nearest = square;
        place.identity = (jitter * 977.3) % 1;
      } else if (square < second) second = square;
    }
  }
  place.nearest = Math.sqrt(nearest);
  place.second = Math.sqrt(second);
}
