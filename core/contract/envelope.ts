import { z } from 'zod';
import type { ErrorCode } from './errors.ts';

/** What every refused or failed request answers. */
export const envelope = z
  .strictObject({
    error: z.strictObject({
      code: z.string().describe('Closed code: programs match on it'),
      message: z.string().describe('What went wrong, with what, and what to do: people read it'),
      details: z.record(z.string(), z.unknown()),
    }),
  })
  .meta({ id: 'Error' });

/** The same with its closed code. */
export interface Envelope {
  readonly error: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly details: Readonly<Record<string, unknown>>;
  };
}
