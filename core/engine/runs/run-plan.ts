import { CongealError } from '../../contract/errors.ts';
import type { Box } from '../../geometry/boxes.ts';
import type { Matrix3 } from '../../geometry/matrix.ts';
import type { ImageId } from '../../store/ids.ts';
import type { PlainData, Run } from '../../store/runs.ts';

/**
 * Everything that a run works on, fixed when it is started: what a person changes later does not change a run that is
 * resumed. Part of the run's options, so it is plain data; lists go by image.
 */
export interface RunPlan {
  /** The images in their order, and their names within the collection. */
  readonly images: readonly (readonly [image: ImageId, name: string])[];
  /** Name of the image whose pose is the canonical one. */
  readonly reference?: string;
  /** By name: where the objects are, in pixels of the oriented original. */
  readonly boxes?: readonly (readonly [name: string, box: Box])[];
  /** By name: poses that are kept. */
  readonly pins?: readonly (readonly [name: string, canonicalToImage: Matrix3])[];
  /** By name: boxes that are kept. */
  readonly kept?: readonly (readonly [name: string, box: Box])[];
  /** By name: classes to learn. */
  readonly labels?: readonly (readonly [name: string, label: string])[];
  /** Of the encoder or of the transformer: bytes that differ are another model. */
  readonly modelSha256?: string;
}

const planKey = 'plan';

/** The options of a run's row with its plan. */
export function withPlan(options: PlainData, plan: RunPlan): PlainData {
  return { ...options, [planKey]: plan };
}

/** Whether a run can be gone on with from its row alone; runs of the command line need their options again. */
export function hasPlan({ options }: Pick<Run, 'options'>): boolean {
  return planKey in options;
}

/** The plan of a run. **Throws** CongealError `unsupported` where it has none. */
export function planOf({ options }: Pick<Run, 'options'>): RunPlan {
  const plan = options[planKey];
  if (plan !== undefined) return plan as RunPlan;
  throw new CongealError(
    'unsupported',
    'This run was started by the command line; go on with it there, with the same options and --resume.',
  );
}

/** The options as a person chose them, defaults included. */
export function askedOptions({ options }: Pick<Run, 'options'>): PlainData {
  return Object.fromEntries(Object.entries(options).filter(([key]) => key !== planKey && key !== 'folder'));
}
