import { z } from 'zod';
import { command, events } from '../command.ts';
import { count, id, nothing } from '../values.ts';

/** The engine itself: its state, its events, its end. */
export const system = {
  health: command({
    method: 'GET',
    path: '/api/health',
    summary: 'Whether the engine is ready',
    effect: 'reads',
    answer: z.strictObject({
      status: z.literal('ready'),
      version: z.string(),
      upSeconds: z.number().min(0),
      cpuSeconds: z.number().min(0).describe('Processor time that the engine itself has used'),
    }),
  }),
  versions: command({
    method: 'GET',
    path: '/api/versions',
    summary: 'Versions of the program and of what it computes with',
    effect: 'reads',
    answer: z.strictObject({ versions: z.record(z.string(), z.string()) }),
  }),
  status: command({
    method: 'GET',
    path: '/api/status',
    summary: 'Workers, memory and cache',
    effect: 'reads',
    answer: z.strictObject({
      workers: z.array(z.strictObject({ id: z.string(), job: z.string().nullable(), bytes: count })),
      waiting: count,
      memoryBytes: count.describe("The engine's own"),
      cacheBytes: count,
      degraded: z.array(z.strictObject({ part: z.string(), reason: z.string() })).describe('What is missing, and why'),
    }),
  }),
  clearCache: command({
    method: 'POST',
    path: '/api/cache/clear',
    summary: 'Empty the cache; everything in it is made again when needed',
    effect: 'changes',
    answer: z.strictObject({ freedBytes: count }),
  }),
  shutdown: command({
    method: 'POST',
    path: '/api/shutdown',
    summary: 'End the engine; runs are interrupted and can be resumed',
    effect: 'changes',
    answer: nothing,
  }),
  events: command({
    method: 'GET',
    path: '/api/events',
    summary: 'Server-sent events; a client that comes back with Last-Event-ID misses nothing, or is told to start over',
    effect: 'reads',
    query: z.strictObject({
      project: id.optional().describe('Only of this project, and those of the program'),
      after: z.string().max(64).optional().describe('The last id seen, where no header can be sent'),
    }),
    answer: events,
  }),
};
