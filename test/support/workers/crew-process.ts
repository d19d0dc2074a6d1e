/** A process that leaves with code 3 while its threads are in the midst of an alignment. */
import { congeal } from '../../../core/learn/congeal/congeal.ts';
import { drawFigures } from '../figures.ts';

const images = drawFigures({ count: 24, seed: 4 }).map(({ image }) => image);
let events = 0;
for await (const event of congeal(images, {}, { seed: 1, threads: 2 })) {
  if (event.kind === 'progress' && event.phase === 'bank' && event.done > 0) events++;
  if (events === 3) process.exit(3);
}
