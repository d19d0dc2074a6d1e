import { z } from 'zod';
import { command } from '../command.ts';
import { providerName } from '../values.ts';

const gibibyte = 2 ** 30;

/** What a person can set for the whole program. */
export const settings = z
  .strictObject({
    theme: z.enum(['system', 'light', 'dark']),
    provider: providerName,
    threads: z.number().int().min(1).max(256).nullable().describe('null: one per core, at most 8'),
    workers: z.number().int().min(1).max(16).nullable().describe('Workers at a time; null: by cores and memory'),
    cacheBytes: z
      .number()
      .int()
      .min(0)
      .max(1024 * gibibyte)
      .describe('Room for thumbnails and feature maps'),
    atMostMegapixels: z.number().int().min(1).max(2000).describe('Larger images are refused'),
    atMostFileBytes: z
      .number()
      .int()
      .min(1024)
      .max(64 * gibibyte)
      .describe('Larger files are refused'),
    allowDamaged: z.boolean().describe('Take files that end too early'),
    reopen: z.boolean().describe('Open the last project at start'),
    keys: z
      .record(z.string().max(64), z.string().max(64))
      .refine((keys) => Object.keys(keys).length <= 500, 'At most 500 keys')
      .describe('Key bindings that differ from the defaults: command to keys'),
  })
  .meta({ id: 'Settings' });
export type Settings = z.infer<typeof settings>;

/** Settings of the program; they are not part of a project. */
export const settingsCommands = {
  read: command({
    method: 'GET',
    path: '/api/settings',
    summary: 'All settings',
    effect: 'reads',
    answer: settings,
  }),
  change: command({
    method: 'PATCH',
    path: '/api/settings',
    summary: 'Change some settings',
    effect: 'changes',
    body: settings.partial(),
    answer: settings,
  }),
  reset: command({
    method: 'POST',
    path: '/api/settings/reset',
    summary: 'Back to the defaults',
    effect: 'changes',
    answer: settings,
  }),
};
