import { addresses } from '../../api/addresses.ts';
import { loadBitmap } from '../../viewer/load-bitmap.ts';
import type { Comparison, CompareMode } from '../../viewer/crop/crop-renderer.ts';

/** The ways in which a crop is compared with another picture, in one place. */
export const compareModes = [
  { value: 'none', text: 'Off' },
  { value: 'swipe', text: 'Swipe' },
  { value: 'blink', text: 'Blink' },
  { value: 'checkerboard', text: 'Checkerboard' },
  { value: 'difference', text: 'Difference' },
  { value: 'magenta-green', text: 'Magenta and green' },
  { value: 'opacity', text: 'Opacity' },
] as const;
export type CompareChoice = (typeof compareModes)[number]['value'];

/** What a crop is compared with: the mean image of its run, or the crop of another image of the run. */
export type CompareWith = { readonly mean: true } | { readonly image: string; readonly name: string };

/** Side of the other image's crop in pixels. */
const otherSide = 768;

/** Milliseconds that either picture stands while blinking. */
const blinkTime = 700;

/** How a crop is compared; the picture it is compared with is loaded when it is needed. */
export class Compare {
  mode = $state<CompareChoice>('none');
  with = $state.raw<CompareWith>({ mean: true });
  /** Where a swipe divides, or how much of the other picture shows through. */
  place = $state(0.5);
  gain = $state(2);
  other = $state.raw<ImageBitmap | undefined>(undefined);
  /** While blinking or held: the other picture is shown. */
  isFlipped = $state(false);
  channel = $state<Comparison['channel']>(0);

  readonly comparison = $derived<Comparison>({
    mode: this.#drawn(),
    place: this.place,
    gain: this.gain,
    cell: 40,
    channel: this.channel,
  });

  /** Loads the picture to compare with, as long as the answer is not called. Call it in an effect. */
  load(project: string, run: string): (() => void) | undefined {
    if (this.mode === 'none') return undefined;
    const ending = new AbortController();
    const size = { width: otherSide, height: otherSide };
    const address =
      'mean' in this.with
        ? addresses.runPicture(project, run, 'mean')
        : addresses.crop(project, this.with.image, { run, ...size, outside: 'border' });
    loadBitmap(address, ending.signal).then(
      (bitmap) => {
        this.other?.close();
        this.other = bitmap;
      },
      () => {
        if (!ending.signal.aborted) this.other = undefined;
      },
    );
    return () => ending.abort();
  }

  /** Shows both in turn while that is chosen; for eyes that want less motion only by key. */
  blink(): (() => void) | undefined {
    if (this.mode !== 'blink') return undefined;
    this.isFlipped = false;
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return undefined;
    const timer = setInterval(() => (this.isFlipped = !this.isFlipped), blinkTime);
    return () => clearInterval(timer);
  }

  #drawn(): CompareMode {
    if (this.mode === 'blink') return this.isFlipped ? 'other' : 'none';
    if (this.mode === 'none') return 'none';
    return this.isFlipped ? 'other' : this.mode;
  }
}
