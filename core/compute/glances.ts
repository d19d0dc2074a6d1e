import type { ImageGlance } from '../imaging/thumbnails.ts';

/** What came of looking at one file: its facts, hashes and thumbnails, or why there are none. */
export type Glance =
  | ({ readonly id: string; readonly ok: true } & ImageGlance)
  | { readonly id: string; readonly ok: false; readonly code: string; readonly reason: string };

/** Several files that have been looked at, in their order. */
export interface GlancesMessage {
  readonly event: 'glances';
  readonly glances: readonly Glance[];
}

/** How files are opened: as `ReadOptions` of imaging, as plain data. */
export interface Reading {
  readonly allowDamaged: boolean;
  readonly limits?: { readonly pixels?: number; readonly bytes?: number };
}
