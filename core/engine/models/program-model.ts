import type { Model } from '../../contract/commands/models.ts';

/** A model of the program: it came with it, was imported, or was kept from a project. */
export interface ProgramModel extends Pick<Model, 'name' | 'kind' | 'addedAt' | 'about'> {
  readonly source: 'bundled' | 'imported';
  /** SHA-256 of its bytes: its id. */
  readonly sha256: string;
  readonly bytes: number;
  readonly path: string;
}
