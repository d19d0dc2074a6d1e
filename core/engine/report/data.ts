import type { ClassifierSight } from '../../compute/classifier/report-data.ts';
import type { Point } from '../../geometry/units.ts';

/** A picture ready for the page. */
export interface ReportPicture {
  /** A `data:image/png|jpeg|webp;base64,...` address. */
  readonly source: string;
  /** Pixels of this picture. */
  readonly width: number;
  readonly height: number;
}

/** One number worth a headline. */
export interface ReportFigure {
  readonly label: string;
  /** Already formatted, without its unit. */
  readonly value: string;
  readonly unit?: string;
}

/** One kind of score: a column of the table. */
export interface ReportSignal {
  readonly key: string;
  readonly label: string;
  /** Written in the column's head; empty for a plain number. */
  readonly unit: string;
  /** Digits after the decimal point. */
  readonly digits: number;
  /** Which end is good; `neither` for a reading such as an angle. */
  readonly better: 'higher' | 'lower' | 'neither';
  /** What it says, in one sentence. */
  readonly meaning: string;
}

/** A pose in words: what the transform does to the canonical frame. */
export interface ReportPose {
  /** Degrees, clockwise on screen. */
  readonly angle: number;
  /** Relative to the mean of the set. */
  readonly scale: number;
  /** Pixels of the original. */
  readonly shiftX: number;
  readonly shiftY: number;
  readonly mirrored: boolean;
}

/** `good`: use it; `doubtful`: look at it first; `missing`: nothing was found. */
export type ReportStatus = 'good' | 'doubtful' | 'missing';

/** One image of the collection. */
export interface ReportImage {
  readonly file: string;
  /** Pixels of the oriented original. */
  readonly width: number;
  readonly height: number;
  readonly status: ReportStatus;
  /** Why it is not good, in a few words. */
  readonly reason?: string;
  /** The frame on the original in `PixelPoint`: top left, top right, bottom right, bottom left of the crop. */
  readonly outline?: readonly Point[];
  readonly pose?: ReportPose;
  /** Values of the signals by key; a signal without a value is left out. */
  readonly signals: Readonly<Record<string, number>>;
  /** The original, about 128 px; only those that `chooseForSheet` names are shown. */
  readonly original?: ReportPicture;
  /** What the frame cuts out, about 128 px. */
  readonly crop?: ReportPicture;
}

/** A file that could not be used. */
interface ReportFailure {
  readonly file: string;
  readonly code: string;
  readonly reason: string;
}

/** A curve of the training: one panel. */
export interface ReportCurve {
  readonly title: string;
  /** What is counted along x ("step", "round"), and what y measures with its unit. */
  readonly x: string;
  readonly y: string;
  readonly points: readonly (readonly [number, number])[];
}

/** How the result was made, in groups of names and values; no times, so that the same seed gives the same page. */
export interface ReportRecipe {
  /** The command as it could be typed again. */
  readonly command: string;
  readonly groups: readonly {
    readonly title: string;
    readonly entries: readonly (readonly [name: string, value: string])[];
  }[];
}

/** The report of one run over one collection. */
export interface CollectionReport {
  readonly kind: 'find' | 'align';
  /** Name of the collection. */
  readonly title: string;
  /** The outcome in one or two sentences. */
  readonly summary: string;
  readonly figures: readonly ReportFigure[];
  /** Means over the collection: as the images came, and as they are now. */
  readonly meanBefore?: ReportPicture;
  readonly meanAfter?: ReportPicture;
  readonly deviation?: ReportPicture;
  readonly images: readonly ReportImage[];
  readonly signals: readonly ReportSignal[];
  /** Key of the signal that orders the contact sheet. */
  readonly orderBy: string;
  readonly curves: readonly ReportCurve[];
  readonly failures: readonly ReportFailure[];
  readonly recipe: ReportRecipe;
}

/** The report of a trained classifier. */
export interface ClassifierReport {
  readonly kind: 'learn';
  /** Name of the collection. */
  readonly title: string;
  readonly sight: ClassifierSight;
  readonly curves: readonly ReportCurve[];
  readonly failures: readonly ReportFailure[];
  readonly recipe: ReportRecipe;
}

/** One row of a comparison with the truth. */
interface DemoFigure {
  readonly label: string;
  readonly before: string;
  readonly after: string;
  readonly unit: string;
}

/** One collection of the demonstration. */
export interface DemoCollection {
  readonly title: string;
  readonly description: string;
  readonly meanBefore?: ReportPicture;
  readonly meanAfter?: ReportPicture;
  /** A few images, with the frames found. */
  readonly examples: readonly ReportImage[];
  readonly figures: readonly DemoFigure[];
  /** Relative addresses of what was written, with the words of the link. */
  readonly links: readonly { readonly href: string; readonly label: string }[];
}

/** The summary page of the demonstration. */
export interface DemoReport {
  readonly kind: 'demo';
  readonly title: string;
  readonly summary: string;
  readonly collections: readonly DemoCollection[];
  readonly recipe: ReportRecipe;
}

/** Everything a report page can be made of. */
export type ReportData = CollectionReport | DemoReport | ClassifierReport;
