import { z } from 'zod';

const row = [z.number(), z.number(), z.number()] as const;

/** Nine finite numbers, row-major. */
export const matrixSchema = z.tuple([...row, ...row, ...row]);
