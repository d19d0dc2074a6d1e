import { createToken, isToken } from './token.ts';

/** How long a ticket may wait for a browser to start, in milliseconds. */
const patience = 120_000;

/**
 * Tickets open the door once. A browser is started with its address on its command line, where every user of the machine
 * can read it; a ticket that was used is worth nothing.
 */
export interface Tickets {
  readonly issue: () => string;
  /** Whether the text is a ticket that was not used yet; it is used up by this. */
  readonly redeem: (text: string) => boolean;
}

/** Makes a set of tickets. `now` in milliseconds. */
export function createTickets(now: () => number = () => performance.now()): Tickets {
  const open = new Map<string, number>();
  return {
    issue: () => {
      const ticket = createToken();
      open.set(ticket, now() + patience);
      return ticket;
    },
    redeem: (text) => {
      for (const [ticket, end] of open) {
        if (end < now()) open.delete(ticket);
        else if (isToken(text, ticket)) return open.delete(ticket);
      }
      return false;
    },
  };
}
