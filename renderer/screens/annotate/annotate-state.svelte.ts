import type { Annotation, Shape } from '../../../core/contract/commands/annotations.ts';
import type { Point, Size } from '../../../core/geometry/units.ts';
import { addresses } from '../../api/addresses.ts';
import { engine } from '../../api/client.ts';
import type { AnswerOf } from '../../api/types.ts';
import type { ProjectState } from '../../state/project.svelte.ts';
import type { WindowState } from '../../state/window.svelte.ts';
import type { PictureSource } from '../../viewer/picture-source.ts';
import { originalOf, wholePicture } from '../../viewer/picture-source.ts';
import { viewPoint } from '../../viewer/view.ts';
import { ViewState } from '../../viewer/view-state.svelte.ts';
import type { Drawing } from './shapes/shape-tool.ts';
import { toolOf } from './shapes/registry.ts';

export type LandmarkSchema = AnswerOf<'landmarks.list'>['schemas'][number];

/** What is annotated: an image, or the canonical frame of a run, shown as its mean. */
export type AnnotatePlace = { readonly image: string } | { readonly canonicalOf: string };

/** How near to a shape a press takes it, in CSS pixels. */
const reach = 9;

/** One picture with its annotations, and what a person does to them. Shapes are held in pixels of the picture. */
export class AnnotateState {
  readonly project: ProjectState;
  readonly #window: WindowState;
  readonly look = new ViewState();
  place = $state.raw<AnnotatePlace | undefined>(undefined);
  source = $state.raw<PictureSource | undefined>(undefined);
  /** What the source is a picture of: until the next one has come, that of the place before is shown. */
  pictured = $state.raw<AnnotatePlace | undefined>(undefined);
  trouble = $state<string | undefined>(undefined);
  list = $state.raw<readonly Annotation[]>([]);
  schemas = $state.raw<readonly LandmarkSchema[]>([]);
  chosen = $state<string | undefined>(undefined);
  tool = $state<Shape['kind'] | undefined>(undefined);
  label = $state('');
  /** The schema whose landmarks are being set, and which of them is next. */
  schema = $state<string | undefined>(undefined);
  landmark = $state<string | undefined>(undefined);
  drawing = $state.raw<Drawing | undefined>(undefined);
  /** While an annotation is dragged: what it would become. */
  draft = $state.raw<{ readonly id: string; readonly shape: Shape } | undefined>(undefined);
  #asking: AbortController | undefined;
  #isOver = false;

  readonly shown = $derived(
    this.list.map((one) => (one.id === this.draft?.id ? { ...one, shape: this.draft.shape } : one)),
  );
  readonly choice = $derived(this.shown.find(({ id }) => id === this.chosen));
  readonly carried = $derived(this.list.filter(({ propagatedFrom }) => propagatedFrom !== null));
  readonly currentSchema = $derived(this.schemas.find(({ id }) => id === this.schema));
  /** Names of the landmarks that the picture has already. */
  readonly set = $derived(
    new Set(
      this.list.flatMap(({ shape }) =>
        shape.kind === 'point' && shape.landmark !== null && shape.landmark.schema === this.schema
          ? [shape.landmark.name]
          : [],
      ),
    ),
  );

  constructor(window: WindowState, project: ProjectState) {
    this.#window = window;
    this.project = project;
  }

  /** Says that the screen has gone: answers that come later change nothing. */
  close(): void {
    this.#isOver = true;
  }

  get canEdit(): boolean {
    return !this.project.info.readOnly && this.source !== undefined && this.pictured === this.place;
  }

  /** How far a press may be off, in pixels of the picture. */
  get reach(): number {
    return reach / this.look.view.scale;
  }

  /** Shows a picture; what is under way for another one is given up. */
  async show(place: AnnotatePlace): Promise<void> {
    if (JSON.stringify(place) === JSON.stringify(this.place)) {
      await this.refresh();
      return;
    }
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    this.place = place;
    this.#letGo();
    this.trouble = undefined;
    try {
      const source =
        'image' in place
          ? await originalOf(this.project.id, place.image, asking.signal)
          : await wholePicture(addresses.runPicture(this.project.id, place.canonicalOf, 'mean'), asking.signal);
      if (asking.signal.aborted) return;
      this.source = source;
      this.pictured = place;
      this.list = [];
      await this.refresh();
    } catch (error) {
      if (asking.signal.aborted) return;
      this.source = undefined;
      this.trouble = error instanceof Error ? error.message : String(error);
    }
  }

  /** Asks for the annotations anew. */
  async refresh(): Promise<void> {
    const { place, source } = this;
    if (place === undefined || source === undefined) return;
    const page = await this.#window.try(() =>
      engine.annotations.page({ params: this.project.params, query: { ...place, limit: 500 } }),
    );
    if (page === undefined || this.place !== place) return;
    const { factor, x, y } = this.#toPicture(source.size);
    this.list = page.annotations.map((one) => ({
      ...one,
      shape: toolOf(one.shape.kind).scale(one.shape, factor, x, y),
    }));
    if (!this.list.some(({ id }) => id === this.chosen)) this.chosen = undefined;
  }

  async loadSchemas(): Promise<void> {
    const found = await this.#window.try(() => engine.landmarks.list({ params: this.project.params }));
    if (found === undefined || this.#isOver) return;
    this.schemas = found.schemas;
    if (this.currentSchema === undefined) this.chooseSchema(undefined);
  }

  chooseSchema(id: string | undefined): void {
    this.schema = id;
    this.landmark = this.currentSchema?.points.find((name) => !this.set.has(name));
  }

  chooseTool(tool: Shape['kind'] | undefined): void {
    this.tool = tool;
    this.drawing = undefined;
    if (tool !== undefined) this.chosen = undefined;
  }

  /** The annotation under a point: points before what they lie in, the latest on top. */
  under(point: Point): Annotation | undefined {
    const near = this.shown.filter(({ shape }) => toolOf(shape.kind).distance(shape, point) <= this.reach);
    return near.findLast(({ shape }) => shape.kind === 'point') ?? near.at(-1);
  }

  press(point: Point): void {
    this.#draw('press', { presses: [...(this.drawing?.presses ?? []), point], at: point });
  }

  hover(point: Point): void {
    if (this.drawing !== undefined) this.drawing = { ...this.drawing, at: point };
  }

  release(point: Point): void {
    if (this.drawing !== undefined) this.#draw('release', { ...this.drawing, at: point });
  }

  /** Closes what is being drawn, or draws in the middle of what is seen. */
  enter(): void {
    const { tool } = this;
    if (tool === undefined || !this.canEdit) return;
    if (this.drawing !== undefined) {
      this.#draw('key', this.drawing);
      return;
    }
    const { viewport, image } = this.look;
    const [low, high] = [
      this.look.toPixel(viewPoint(0, 0)),
      this.look.toPixel(viewPoint(viewport.width, viewport.height)),
    ];
    const seen = {
      xmin: Math.max(0, low.x),
      ymin: Math.max(0, low.y),
      xmax: Math.min(image.width, high.x),
      ymax: Math.min(image.height, high.y),
    };
    void this.create(toolOf(tool).within(seen));
  }

  /** Gives up what is being drawn, then the tool, then the choice. */
  escape(): void {
    if (this.drawing !== undefined) this.drawing = undefined;
    else if (this.tool !== undefined) this.tool = undefined;
    else this.chosen = undefined;
  }

  async create(drawn: Shape): Promise<void> {
    const { place } = this;
    if (place === undefined || !this.canEdit) return;
    const { schema, landmark } = this;
    const isLandmark = drawn.kind === 'point' && schema !== undefined && landmark !== undefined;
    const shape = isLandmark ? { ...drawn, landmark: { schema, name: landmark } } : drawn;
    const label = this.label.trim() === '' ? null : this.label.trim();
    const made = await this.#window.try(() =>
      engine.annotations.create({
        params: this.project.params,
        body: { on: place, label, shape: this.#stored(shape) },
      }),
    );
    if (made === undefined) return;
    await this.refresh();
    if (this.#isOver) return;
    this.chosen = made.id;
    if (isLandmark) this.landmark = this.currentSchema?.points.find((name) => !this.set.has(name));
  }

  /** Changes the shape or the label of an annotation. */
  async edit(id: string, change: { readonly shape?: Shape; readonly label?: string | null }): Promise<void> {
    if (!this.canEdit) {
      this.#letGo();
      return;
    }
    const { shape } = change;
    if (shape !== undefined) this.draft = { id, shape };
    const body = { ...change, ...(shape === undefined ? {} : { shape: this.#stored(shape) }) };
    const params = { ...this.project.params, annotation: id };
    await this.#window.try(() => engine.annotations.edit({ params, body }));
    await this.refresh();
    this.draft = undefined;
  }

  /** Moves the chosen annotation by pixels of the screen. */
  async nudge(x: number, y: number): Promise<void> {
    const { choice } = this;
    if (choice === undefined) return;
    const { scale } = this.look.view;
    await this.edit(choice.id, {
      shape: toolOf(choice.shape.kind).move(choice.shape, x / Math.max(1, scale), y / Math.max(1, scale)),
    });
  }

  async remove(id = this.chosen): Promise<void> {
    if (id === undefined || !this.canEdit) return;
    await this.#window.try(() => engine.annotations.remove({ params: { ...this.project.params, annotation: id } }));
    await this.refresh();
  }

  /** Carries the chosen annotation, or all of this picture, through the transforms of a run. */
  async propagate(run: string, boxes: 'polygon' | 'enclosing-box'): Promise<void> {
    const annotations = this.chosen === undefined ? this.list.map(({ id }) => id) : [this.chosen];
    const done = await this.#window.try(() =>
      engine.annotations.propagate({ params: this.project.params, body: { run, annotations, boxes } }),
    );
    if (done === undefined) return;
    const outside = done.outside === 0 ? '' : ` ${done.outside} reach outside their image.`;
    this.#window.notes.say(`${done.made} annotations carried over.${outside}`);
  }

  /** Says that annotations which were carried here are right. */
  async confirm(annotations: readonly string[]): Promise<void> {
    if (annotations.length === 0) return;
    await this.#window.try(() =>
      engine.annotations.confirm({ params: this.project.params, body: { annotations: [...annotations] } }),
    );
    await this.refresh();
  }

  #draw(by: 'press' | 'release' | 'key', drawing: Drawing): void {
    const { tool } = this;
    if (tool === undefined || !this.canEdit) return;
    const made = toolOf(tool).finish(drawing, by, this.reach);
    /* A drag that was no more than a click is given up; a line of corners goes on until it is closed. */
    const isOver = made !== undefined || (by === 'release' && tool === 'box');
    this.drawing = isOver ? undefined : drawing;
    if (made !== undefined) void this.create(made);
  }

  /** From the frame of the place to pixels of the picture: uniform, so that every shape stays what it is. */
  #toPicture({ width }: Size): { readonly factor: number; readonly x: number; readonly y: number } {
    const isImage = this.place !== undefined && 'image' in this.place;
    return isImage ? { factor: 1, x: 0, y: 0 } : { factor: width / 2, x: width / 2, y: width / 2 };
  }

  #stored(shape: Shape): Shape {
    const { factor, x, y } = this.#toPicture(this.source?.size ?? { width: 2, height: 2 });
    return toolOf(shape.kind).scale(shape, 1 / factor, -x / factor, -y / factor);
  }

  #letGo(): void {
    this.drawing = undefined;
    this.draft = undefined;
    this.chosen = undefined;
  }
}
