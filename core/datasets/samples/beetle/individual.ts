import type { Random } from '../../../geometry/random.ts';

/** Angles of one leg's joints, in radians, added to its resting pose. */
interface LegPose {
  readonly hip: number;
  readonly knee: number;
  readonly ankle: number;
}

/** One beetle of the kind: its colours, its markings and how it holds its joints. */
export interface Individual {
  /** Degrees; the sheen of the edges leans towards `sheenHue`. */
  readonly hue: number;
  readonly sheenHue: number;
  readonly saturation: number;
  readonly lightness: number;
  /** Hue of the markings, between cream and orange. */
  readonly markHue: number;
  /** Offsets of the six spots on the wing cases, [x, y, relative radius]. */
  readonly spots: readonly (readonly [number, number, number])[];
  /** Radians that the head turns about the neck. */
  readonly head: number;
  /** Radians that each jaw opens: left, right. */
  readonly jaws: readonly [number, number];
  /** Radians that each feeler swings: left, right. */
  readonly feelers: readonly [number, number];
  /** Left front, middle, hind, then right front, middle, hind. */
  readonly legs: readonly LegPose[];
  /** Seed of the fine punctures of its shell. */
  readonly grain: number;
}

/** Sheens that beetles really have: emerald, teal, cobalt, violet, ruby, copper, gold-green. */
const hues = [150, 176, 214, 272, 350, 18, 86] as const;

/** Rests of the six spots on the wing cases in their own coordinates: x, y, radius. */
const spotRests = [
  [-0.52, -0.48, 0.18],
  [0.52, -0.48, 0.18],
  [-0.5, 0.06, 0.22],
  [0.5, 0.06, 0.22],
  [-0.4, 0.56, 0.17],
  [0.4, 0.56, 0.17],
] as const;

/** Draws an individual at random. */
export function drawIndividual(random: Random): Individual {
  const swing = (sigma: number, limit: number): number => Math.max(-limit, Math.min(limit, sigma * random.normal()));
  const hue = random.pick(hues) + random.uniform(-12, 12);
  return {
    hue,
    sheenHue: hue + random.pick([-1, 1]) * random.uniform(35, 65),
    saturation: random.uniform(0.62, 0.9),
    lightness: random.uniform(0.26, 0.38),
    markHue: random.uniform(30, 50),
    spots: spotRests.map(([x, y, radius]) => [
      x + swing(0.02, 0.05),
      y + swing(0.02, 0.05),
      radius * random.uniform(0.85, 1.15),
    ]),
    head: swing(0.12, 0.26),
    jaws: [swing(0.16, 0.3), swing(0.16, 0.3)],
    feelers: [swing(0.25, 0.5), swing(0.25, 0.5)],
    legs: Array.from({ length: 6 }, () => ({
      hip: swing(0.2, 0.4),
      knee: swing(0.22, 0.45),
      ankle: swing(0.25, 0.5),
    })),
    grain: random.integer(1 << 20),
  };
}
