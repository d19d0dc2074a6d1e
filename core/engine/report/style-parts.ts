/** Styles of the page's parts: means, cards, charts, tables, recipe. */
export const partStyle = `
figure { margin: 0; }
.means { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 16px; align-items: start; }
.flip { grid-column: span 2; container-type: inline-size; }
.stage { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; }
.means .controls { margin: 12px 0 0; }
.mean img {
  display: block; width: 100%; aspect-ratio: 1; height: auto; object-fit: contain; background: var(--well); border-radius: 4px;
}
.mean figcaption { margin-top: 4px; color: var(--muted); }
.overlaid .stage { grid-template-columns: 1fr; cursor: pointer; }
.overlaid .mean { grid-area: 1 / 1; }
.overlaid .after, .overlaid.flipped .before { visibility: hidden; }
.overlaid.flipped .after { visibility: visible; }
.overlaid .mean figcaption { font-weight: 600; color: var(--text); }
.cards { list-style: none; margin: 0; padding: 0; display: grid; gap: 12px; grid-template-columns: repeat(auto-fill, minmax(268px, 1fr)); }
.card { min-width: 0; border: 1px solid var(--line); border-radius: 6px; padding: 8px; }
.card p { margin: 0; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 8px; margin-bottom: 8px; }
.original, .crop { display: block; width: 100%; aspect-ratio: 1; background: var(--well); border-radius: 4px; overflow: hidden; }
.crop { position: relative; display: grid; place-items: center; }
.crop img { width: 100%; height: 100%; object-fit: contain; display: block; }
.none { color: var(--muted); }
.empty { fill: var(--line); }
.frame, .frame-halo { fill: none; vector-effect: non-scaling-stroke; stroke-linejoin: round; stroke-linecap: round; }
.frame { stroke: var(--frame); stroke-width: 2px; }
.frame-halo { stroke: #000; stroke-opacity: 0.55; stroke-width: 4px; }
.name { color: var(--text); white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.facts { display: flex; gap: 8px; justify-content: space-between; min-height: 20px; font-variant-numeric: tabular-nums; }
.facts b { font-weight: 600; }
.facts small { font-size: 12px; color: var(--muted); }
.flag { background: var(--text); color: var(--surface); border-radius: 4px; padding: 0 6px; font-size: 12px; }
.reason { font-size: 12px; line-height: 16px; overflow-wrap: anywhere; }
.charts { display: grid; gap: 24px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); }
.chart { min-width: 0; }
.chart figcaption { font-weight: 600; margin-bottom: 4px; }
.chart svg { display: block; width: 100%; height: auto; max-height: 400px; border-radius: 4px; touch-action: pan-y; }
.chart text { fill: var(--muted); font-size: 12px; font-variant-numeric: tabular-nums; }
.chart .axis { fill: var(--text); }
.chart .grid { stroke: var(--line); stroke-width: 1; vector-effect: non-scaling-stroke; }
.curve { fill: none; stroke: var(--accent); stroke-width: 2; vector-effect: non-scaling-stroke; stroke-linejoin: round; }
.probe { fill: none; }
.mark { fill: var(--accent); fill-opacity: 0.55; stroke: var(--accent); stroke-width: 1; }
.doubtful-mark { fill: var(--surface); stroke: var(--text); stroke-width: 1.5; }
.chosen { fill: var(--text); fill-opacity: 1; stroke: var(--surface); stroke-width: 2; r: 6px; }
.readout { min-height: 20px; margin: 4px 0 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; color: var(--text); }
.scroll { overflow: auto; max-height: 560px; border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: 650; padding-bottom: 4px; }
th, td { text-align: left; padding: 4px 8px; border-bottom: 1px solid var(--line); font-weight: 400; vertical-align: top; }
tbody tr:last-child > * { border-bottom: 0; }
tbody th { min-width: 196px; max-width: 360px; overflow-wrap: anywhere; }
.scores td { white-space: nowrap; }
thead th { position: sticky; top: 0; background: var(--well); font-weight: 600; white-space: nowrap; }
thead button { all: unset; cursor: pointer; font-weight: 600; }
thead button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
thead button::after { content: "\\2195"; margin-left: 2px; color: var(--muted); font-weight: 400; }
thead [aria-sort=ascending] button::after { content: "\\2191"; color: var(--accent); }
thead [aria-sort=descending] button::after { content: "\\2193"; color: var(--accent); }
thead small { color: var(--muted); font-weight: 400; font-size: 12px; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tbody tr:hover > * { background: var(--ground); }
.meanings { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; margin: 16px 0 0; }
.meanings dt { font-weight: 600; }
.meanings dd { margin: 0; color: var(--muted); }
pre {
  margin: 0 0 16px; padding: 12px; background: var(--well); border-radius: 4px; white-space: pre-wrap; overflow-wrap: anywhere;
}
code, .recipe dd { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: 13px; }
.recipe { display: grid; gap: 8px 32px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 320px), 1fr)); }
.recipe dl { margin: 0; }
.recipe details { grid-column: 1 / -1; margin-top: 8px; }
.recipe details > dl { max-height: 480px; overflow: auto; margin-top: 8px; border-top: 1px solid var(--line); }
summary { cursor: pointer; font-weight: 650; width: fit-content; }
summary small { font-weight: 400; color: var(--muted); }
.recipe dl > div { display: grid; grid-template-columns: minmax(96px, 2fr) 3fr; gap: 16px; padding: 4px 0; border-bottom: 1px solid var(--line); }
.recipe dt { color: var(--muted); overflow-wrap: anywhere; }
.recipe dd { margin: 0; overflow-wrap: anywhere; }
.demo { display: flex; flex-wrap: wrap; gap: 24px 32px; margin-bottom: 24px; }
.demo .means { grid-template-columns: 1fr; flex: 1 1 480px; max-width: 560px; }
.demo .flip { grid-column: auto; }
.demo > :last-child { flex: 1 1 320px; }
.against thead th { position: static; background: none; }
.against td:nth-child(3) { font-weight: 650; }
.links { display: flex; flex-wrap: wrap; gap: 4px 24px; margin: 16px 0 0; }
@media (max-width: 640px) {
  .means { grid-template-columns: 1fr 1fr; }

  .meanings { grid-template-columns: 1fr; gap: 0; }
  .meanings dd { margin-bottom: 8px; }
}
`;
