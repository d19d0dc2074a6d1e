import type { FamilyName } from '../../../core/geometry/family.ts';
import type { PinnedPoint } from '../../../core/geometry/fit.ts';
import { fitPins } from '../../../core/geometry/fit.ts';
import type { Matrix3 } from '../../../core/geometry/matrix.ts';
import { engine } from '../../api/client.ts';
import type { Transform, TransformEdit } from '../../api/types.ts';
import type { ProjectState } from '../../state/project.svelte.ts';
import type { WindowState } from '../../state/window.svelte.ts';
import type { CropOriginal } from '../../viewer/crop/crop-parts.ts';
import type { Outside } from '../../viewer/crop/crop-pose.ts';
import type { Kernel } from '../../viewer/crop/shaders.ts';
import { centreFrame, mirrored } from '../../viewer/frame/reading-edits.ts';
import type { PictureSource } from '../../viewer/picture-source.ts';
import { originalOf } from '../../viewer/picture-source.ts';
import { ViewState } from '../../viewer/view-state.svelte.ts';
import { Bend } from './bend.svelte.ts';
import { ResultQueue } from './result-queue.svelte.ts';

/** What the screen shows and does: one image of a run, its transform, and what a person makes of it. */
export class InspectState {
  readonly project: ProjectState;
  readonly #window: WindowState;
  readonly look = new ViewState();
  readonly queue: ResultQueue;
  readonly bend = new Bend();
  run = $state.raw<string | undefined>(undefined);
  image = $state.raw<string | undefined>(undefined);
  source = $state.raw<PictureSource | undefined>(undefined);
  transform = $state.raw<Transform | undefined>(undefined);
  /** What the run itself has found, while a person's correction stands over it. */
  found = $state.raw<Transform | undefined>(undefined);
  /** Why the image cannot be shown. */
  trouble = $state<string | undefined>(undefined);
  /** While a handle is dragged: what letting go would make. */
  draft = $state.raw<Matrix3 | undefined>(undefined);
  draftPins = $state.raw<readonly PinnedPoint[] | undefined>(undefined);
  /** The handles that are shown; by default those of the run's family. */
  handles = $state<FamilyName | 'bend' | undefined>(undefined);
  /** The next click on the original or the crop sets a pin. */
  isPinning = $state(false);
  /** How the crop is sampled, and what it shows beyond the edge of the original. */
  kernel = $state<Kernel>('bilinear');
  outside = $state<Outside>('border');
  #asking: AbortController | undefined;

  /** Canonical frame to pixels of the original, as it would be now. */
  readonly matrix = $derived.by((): Matrix3 | undefined => {
    if (this.draft !== undefined) return this.draft;
    if (this.source === undefined || this.transform === undefined) return undefined;
    return toMatrix3(this.transform.canonicalToImage) ?? centreFrame(this.source.size);
  });
  readonly family = $derived<FamilyName>(
    this.handles === 'bend' || this.handles === undefined ? (this.transform?.family ?? 'similarity') : this.handles,
  );
  readonly pins = $derived<readonly PinnedPoint[]>(
    this.draftPins ??
      (this.transform?.pins ?? []).map(({ canonical: [x, y], image: [u, v] }) => ({
        canonical: { x, y },
        image: { x: u, y: v },
      })),
  );
  readonly #hasTransform = $derived(this.transform !== undefined && this.transform.image === this.image);
  /** Stays the same while the transform changes: what was loaded of it is kept. */
  readonly original = $derived.by((): CropOriginal | undefined => {
    const { source, image } = this;
    if (source === undefined || image === undefined || !this.#hasTransform) return undefined;
    return { project: this.project.id, image, thumbnail: source.version ?? '', ...source.size };
  });

  constructor(window: WindowState, project: ProjectState) {
    this.#window = window;
    this.project = project;
    this.queue = new ResultQueue(project);
  }

  get canEdit(): boolean {
    return !this.project.info.readOnly && this.transform !== undefined;
  }

  get scoreNames(): readonly string[] {
    return this.project.facets?.scores.map(({ name }) => name) ?? [];
  }

  /** Shows an image of a run; what is under way for another one is given up. */
  async show(run: string, image: string): Promise<void> {
    if (run === this.run && image === this.image) {
      await this.refresh();
      return;
    }
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.run = run;
    this.image = image;
    this.draft = undefined;
    this.draftPins = undefined;
    this.trouble = undefined;
    this.bend.clear();
    try {
      const [source, transform] = await Promise.all([
        originalOf(this.project.id, image, asking.signal),
        engine.transforms.one({ params: { ...this.project.params, run, image }, signal: asking.signal }),
      ]);
      if (asking.signal.aborted) return;
      this.source = source;
      this.transform = transform;
    } catch (error) {
      if (asking.signal.aborted) return;
      this.source = undefined;
      this.transform = undefined;
      this.trouble = error instanceof Error ? error.message : String(error);
    }
  }

  /** Asks for the transform anew: somebody has changed or undone something. */
  async refresh(): Promise<void> {
    const { run, image } = this;
    if (run === undefined || image === undefined || this.transform === undefined) return;
    const changed = await this.#window.try(() =>
      engine.transforms.one({ params: { ...this.project.params, run, image } }),
    );
    if (changed !== undefined && this.image === image && this.run === run) this.#take(changed);
  }

  go(step: number): void {
    const next = this.queue.neighbour(this.image, step);
    if (next !== undefined) this.#window.show('inspect', next);
  }

  /** Makes a matrix the transform; can be undone. */
  async commit(matrix: Matrix3): Promise<void> {
    this.draft = matrix;
    await this.#edit({ matrix: [...matrix] });
  }

  async mirror(): Promise<void> {
    if (this.matrix !== undefined) await this.commit(mirrored(this.matrix));
  }

  /** Shows what pins would make of the transform, without making it. */
  tryPins(pins: readonly PinnedPoint[]): void {
    this.draftPins = pins;
    const base = toMatrix3(this.transform?.canonicalToImage ?? null);
    if (base === undefined || pins.length === 0) return;
    try {
      this.draft = fitPins(base, pins, this.family);
    } catch {
      // Pins in one place determine nothing; the transform stays until they differ.
    }
  }

  /** Holds the transform on pins; without any it goes back to what the run found. */
  async commitPins(pins: readonly PinnedPoint[]): Promise<void> {
    this.draftPins = pins;
    if (pins.length === 0) {
      await this.decide('reset', false);
      return;
    }
    await this.#edit({
      family: this.family,
      pins: pins.map(({ canonical, image }) => ({
        canonical: [canonical.x, canonical.y],
        image: [image.x, image.y],
      })),
    });
  }

  /**
   * Says that a result is right or wrong, or takes back all that was said of it. The next one is shown at once: whoever
   * is fast decides on that one next.
   */
  async decide(verb: 'accept' | 'reject' | 'reset', goesOn = verb !== 'reset'): Promise<void> {
    const { run, image } = this;
    if (run === undefined || image === undefined || !this.canEdit) return;
    this.#drop();
    if (goesOn) this.go(1);
    await this.#window.try(() =>
      engine.transforms[verb]({
        params: { ...this.project.params, run },
        body: { selection: { images: [image] } },
      }),
    );
    if (this.image === image) await this.refresh();
  }

  /** Runs again; what was accepted, edited or pinned is kept. */
  async runAgain(): Promise<void> {
    const { run } = this;
    if (run === undefined) return;
    const started = await this.#window.try(() =>
      engine.transforms.rerun({ params: { ...this.project.params, run }, body: {} }),
    );
    if (started !== undefined) this.#window.show('align');
  }

  async #edit(body: TransformEdit): Promise<void> {
    const { run, image } = this;
    /* Until its own pose has come, what is shown is that of the image before. */
    if (run === undefined || image === undefined || !this.canEdit || !this.#hasTransform) {
      this.#drop();
      return;
    }
    const changed = await this.#window.try(() =>
      engine.transforms.edit({ params: { ...this.project.params, run, image }, body }),
    );
    if (this.image !== image || this.run !== run) return;
    if (changed === undefined) this.#drop();
    else this.#take(changed);
  }

  #take(changed: Transform): void {
    this.transform = changed;
    this.queue.replace(changed);
    this.#drop();
  }

  #drop(): void {
    this.draft = undefined;
    this.draftPins = undefined;
  }
}

function toMatrix3(values: readonly number[] | null): Matrix3 | undefined {
  if (values === null) return undefined;
  const [a, b, c, d, e, f, g, h, i] = values;
  return [a, b, c, d, e, f, g, h, i];
}
