import type { SmallCopyCache } from '../../imaging/decode.ts';
import type { Channel } from './channel.ts';

/** Small copies that the engine keeps: asked for and handed over through the channel. */
export interface RemoteSmallCopies extends SmallCopyCache {
  /** Passes an answer of the engine on to whoever asked. */
  readonly answer: (ask: number, pixels: Uint8Array | undefined) => void;
}

/** A cache on the other side of the channel. */
export function createRemoteSmallCopies(channel: Channel): RemoteSmallCopies {
  const asked = new Map<number, (pixels: Uint8Array | undefined) => void>();
  let asks = 0;
  return {
    read: (key) =>
      new Promise((fulfil) => {
        const ask = ++asks;
        asked.set(ask, fulfil);
        void channel.send({ type: 'read', ask, key });
      }),
    write: (key, pixels) => channel.send({ type: 'write', key, pixels }),
    answer: (ask, pixels) => {
      asked.get(ask)?.(pixels);
      asked.delete(ask);
    },
  };
}
