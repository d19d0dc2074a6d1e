import type { Shape } from '../../../../core/contract/commands/annotations.ts';
import type { HandleListener } from '../../../viewer/frame/handle-listener.ts';
import type { AnnotateState } from '../annotate-state.svelte.ts';
import { toolOf } from '../shapes/registry.ts';

/** Dragging a handle of the chosen annotation. */
export function handleListener(annotate: AnnotateState, handle: string): HandleListener {
  let start: { readonly id: string; readonly shape: Shape } | undefined;
  let made: Shape | undefined;
  return {
    begin: () => {
      start = annotate.choice;
      made = start?.shape;
    },
    move: ({ from, to, isStep }) => {
      const base = isStep === true ? made : start?.shape;
      if (start === undefined || base === undefined) return;
      made = toolOf(base.kind).drag(base, handle, from, to);
      annotate.draft = { id: start.id, shape: made };
    },
    end: () => {
      if (start !== undefined && made !== undefined) void annotate.edit(start.id, { shape: made });
    },
    cancel: () => (annotate.draft = undefined),
  };
}
