import type { Random } from '../../../geometry/random.ts';
import { fabric } from './fabric.ts';
import { grass } from './grass.ts';
import { gravel } from './gravel.ts';
import type { Ground, GroundKind } from './kind.ts';
import { sand } from './sand.ts';
import { slate } from './slate.ts';
import { wood } from './wood.ts';

/** All kinds of ground. */
export const groundKinds = { gravel, wood, fabric, grass, sand, slate } satisfies Record<string, GroundKind>;

/** Makes a ground of the given kind, turned by a random angle and lit from (lightX, lightY). */
export function createGround(kind: keyof typeof groundKinds, random: Random, lightX: number, lightY: number): Ground {
  const angle = random.uniform(0, 2 * Math.PI);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const offset = random.uniform(0, 4000);
  const ground = groundKinds[kind](random, cos * lightX + sin * lightY, -sin * lightX + cos * lightY);
  return (x, y, out) => ground(cos * x + sin * y + offset, -sin * x + cos * y, out);
}
