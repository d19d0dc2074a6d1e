import { createHash } from 'node:crypto';
import type { Migration } from './migration.ts';

/**
 * Gives every checkpoint the SHA-256 of its state, so that one damaged on the disk is noticed and the one before it
 * used: SQLite itself does not notice changed bytes inside a blob.
 */
export const checkpointChecksum: Migration = {
  version: 2,
  migrate: (database) => {
    database.exec(`ALTER TABLE checkpoint ADD COLUMN sha256 TEXT NOT NULL DEFAULT ''`);
    const rows = database.prepare<[], { id: number; state: Uint8Array }>('SELECT id, state FROM checkpoint').all();
    const update = database.prepare('UPDATE checkpoint SET sha256 = ? WHERE id = ?');
    for (const row of rows) update.run(createHash('sha256').update(row.state).digest('hex'), row.id);
  },
};
