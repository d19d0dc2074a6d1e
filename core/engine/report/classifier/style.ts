/** Styles of the report of a classifier. */
export const classifierStyle = `
.sights { grid-template-columns: repeat(auto-fill, minmax(236px, 1fr)); }
.sight { display: flex; flex-wrap: wrap; gap: 8px; margin-bottom: 8px; }
.sight > * { flex: 1 1 96px; min-width: 0; max-width: calc(50% - 4px); }
.pixels, .look img, .strip img { image-rendering: pixelated; }
.look img { display: block; width: 100%; height: auto; aspect-ratio: 1; object-fit: contain; background: var(--well); border-radius: 4px; }
.look figcaption { font-size: 12px; line-height: 16px; color: var(--muted); overflow: hidden; text-overflow: ellipsis; }
.line-1 { stroke-dasharray: 6 4; }
.line-2 { stroke-dasharray: 2 4; }
.line-3 { stroke-dasharray: 8 3 2 3; }
.strip { list-style: none; margin: 0 0 16px; padding: 0; display: grid; gap: 8px; grid-template-columns: repeat(auto-fill, minmax(72px, 1fr)); }
.strip li { min-width: 0; text-align: center; }
.strip img { display: block; width: 100%; height: auto; background: var(--well); border-radius: 4px; }
.strip small { display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.confusion tbody th { min-width: 72px; }
.confusion .number { text-align: center; min-width: 40px; }
.confusion td.none { color: var(--muted); }
.confusion .right { font-weight: 650; background: var(--well); }
.confusion .shade-1 { background: color-mix(in srgb, var(--accent) 12%, transparent); }
.confusion .shade-2 { background: color-mix(in srgb, var(--accent) 24%, transparent); }
.confusion .shade-3 { background: color-mix(in srgb, var(--accent) 36%, transparent); }
.confusion .shade-4 { background: color-mix(in srgb, var(--accent) 48%, transparent); }
.confusion .shade-5 { background: color-mix(in srgb, var(--accent) 60%, transparent); }
.band { fill: var(--accent); fill-opacity: 0.18; stroke: none; }
`;
