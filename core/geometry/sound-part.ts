/**
 * The largest part, from 0 to 1, of a change that leaves something sound, by halving 40 times. Part 0 is taken to be sound,
 * and no part above an unsound one is asked.
 */
export function largestSoundPart(sound: (part: number) => boolean): number {
  if (sound(1)) return 1;
  let [low, high] = [0, 1];
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (sound(middle)) low = middle;
    else high = middle;
  }
  return low;
}
