/** What a thread of a crew is told: what it needs for its tools, first of all; then pieces of work; at last to end. */
export type Told =
  { readonly tools: unknown } | { readonly piece: number; readonly task: string; readonly order: unknown } | 'end';

/** What it answers to each piece. */
export type Answer = { readonly piece: number } & ({ readonly result: unknown } | { readonly error: unknown });

/** Places in the few numbers that a thread shares with the one that started it. */
export const flags = {
  /** 1 while it works on a piece. */
  busy: 0,
  /** 1 when it is to begin no further piece: it answers without a result. */
  stop: 1,
  count: 2,
} as const;
