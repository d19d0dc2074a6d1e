import type { ExportRun } from '../../../core/contract/recipes.ts';

/** What an export can be set to, all of it: what is not asked for is left out when it is sent. */
export type ExportSettings = Required<
  Pick<
    ExportRun,
    | 'size'
    | 'interpolation'
    | 'outside'
    | 'margin'
    | 'image'
    | 'quality'
    | 'flagged'
    | 'rejected'
    | 'onlyAccepted'
    | 'minimumResolution'
    | 'annotations'
  >
> & { readonly split: ExportRun['split'] };

/** A set of options for a purpose, in plain words. */
interface ExportPreset {
  readonly name: string;
  readonly text: string;
  readonly settings: ExportSettings;
}

const common = {
  size: 512,
  interpolation: 'bicubic',
  outside: 'border',
  margin: 0,
  image: 'png',
  quality: 92,
  flagged: false,
  rejected: false,
  onlyAccepted: false,
  minimumResolution: 0,
  annotations: true,
  split: undefined,
} as const satisfies ExportSettings;

/** The purposes that an export is prepared for. */
export const exportPresets = {
  training: {
    name: 'Training set',
    text: 'Square crops without loss, edges continued, doubtful images left out, divided into train, validation and test.',
    settings: { ...common, split: { train: 0.8, validation: 0.1, test: 0.1 } },
  },
  identity: {
    name: 'Re-identification',
    text: 'Tight crops of 256 pixels with room around them, only what you have accepted.',
    settings: { ...common, size: 256, margin: 0.1, image: 'jpeg', onlyAccepted: true },
  },
  measuring: {
    name: 'Measuring',
    text: 'Nothing invented: transparent outside the original, and no crop that would have to be enlarged.',
    settings: { ...common, outside: 'transparent', minimumResolution: 1 },
  },
  archive: {
    name: 'Archive',
    text: 'Everything, also what is doubtful or was rejected, large and without loss; metadata says what is what.',
    settings: { ...common, size: 1024, outside: 'transparent', flagged: true, rejected: true },
  },
} as const satisfies Record<string, ExportPreset>;
export type PresetName = keyof typeof exportPresets;

/** The preset that some settings are, or undefined where they are a person's own. */
export function presetOf(settings: ExportSettings): PresetName | undefined {
  const same = JSON.stringify(sorted(settings));
  return (Object.keys(exportPresets) as PresetName[]).find(
    (name) => JSON.stringify(sorted(exportPresets[name].settings)) === same,
  );
}

function sorted(settings: ExportSettings): readonly (readonly [string, unknown])[] {
  return Object.entries(settings).sort(([a], [b]) => (a < b ? -1 : 1));
}
