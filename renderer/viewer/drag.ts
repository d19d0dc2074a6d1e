/** What a drag tells. Every drag that began ends once: it is let go, or given up (Escape, a lost pointer). */
export interface DragListener {
  readonly begin?: (event: PointerEvent) => void;
  readonly move: (event: PointerEvent) => void;
  readonly end: (event: PointerEvent) => void;
  readonly cancel?: () => void;
}

/** Lets an element be dragged; what lies under it learns nothing of it. The answer ends it. */
export function followDrag(element: Element, { begin, move, end, cancel }: DragListener): () => void {
  const ending = new AbortController();
  const options = { signal: ending.signal };
  let pointer: number | undefined;

  const on = (
    name: 'pointerdown' | 'pointermove' | 'pointerup' | 'pointercancel',
    react: (e: PointerEvent) => void,
  ) => {
    element.addEventListener(
      name,
      (event) => {
        if (!(event instanceof PointerEvent)) return;
        if (name === 'pointerdown' ? event.button === 0 && pointer === undefined : event.pointerId === pointer)
          react(event);
      },
      options,
    );
  };
  on('pointerdown', (event) => {
    event.stopPropagation();
    element.setPointerCapture(event.pointerId);
    pointer = event.pointerId;
    begin?.(event);
  });
  on('pointermove', move);
  on('pointerup', (event) => {
    pointer = undefined;
    end(event);
  });
  const giveUp = () => {
    pointer = undefined;
    cancel?.();
  };
  on('pointercancel', giveUp);
  addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape' || pointer === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      element.releasePointerCapture(pointer);
      giveUp();
    },
    { ...options, capture: true },
  );
  return () => ending.abort();
}
