import { classifierStyle } from './classifier/style.ts';
import { partStyle } from './style-parts.ts';

/** Tokens, type and layout; neutral grey so that the interface tints no picture, one accent. */
const baseStyle = `
:root {
  color-scheme: light dark;
  --ground: #f3f3f3; --surface: #fff; --well: #e4e4e4; --line: #d4d4d4;
  --text: #1b1b1b; --muted: #5a5a5a; --accent: #b03f05; --on-accent: #fff; --soft: #f6e3d8;
  --frame: #ff7b1c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #151515; --surface: #1f1f1f; --well: #2a2a2a; --line: #3a3a3a;
    --text: #ececec; --muted: #a6a6a6; --accent: #ff9a57; --on-accent: #1b1b1b; --soft: #3b2a1f;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; scroll-padding-top: 56px; }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 14px/20px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  -webkit-text-size-adjust: 100%;
}
header, main, nav { max-width: 1208px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 40px; padding-bottom: 24px; }
h1 { margin: 0 0 8px; font-size: 32px; line-height: 40px; font-weight: 650; letter-spacing: -0.02em; overflow-wrap: anywhere; }
h2 { margin: 0 0 4px; font-size: 20px; line-height: 28px; font-weight: 650; letter-spacing: -0.01em; }
h3 { margin: 16px 0 8px; font-size: 14px; line-height: 20px; font-weight: 650; }
p { margin: 0 0 16px; max-width: 76ch; color: var(--muted); }
.lead { font-size: 16px; line-height: 24px; margin: 0; }
a { color: var(--accent); text-underline-offset: 3px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
section { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: 24px; margin: 0 0 16px; }
main { padding-bottom: 48px; }
nav {
  position: sticky; top: 0; z-index: 2; display: flex; gap: 4px; overflow-x: auto;
  background: var(--ground); padding-top: 8px; padding-bottom: 8px;
}
nav a { padding: 4px 12px; border-radius: 4px; color: var(--text); text-decoration: none; white-space: nowrap; }
nav a:first-child { margin-left: -12px; }
nav a:hover { background: var(--well); }
button { font: inherit; color: inherit; cursor: pointer; }
.controls { display: flex; align-items: center; gap: 8px; margin: 0 0 16px; }
.controls button {
  padding: 4px 12px; border: 1px solid var(--line); border-radius: 4px; background: var(--surface); min-height: 32px;
}
.controls button:hover { background: var(--well); }
.controls button[aria-pressed=true] { background: var(--soft); border-color: var(--accent); color: var(--text); }
.hint { color: var(--muted); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.figures { display: flex; flex-wrap: wrap; gap: 16px 40px; margin: 24px 0 0; }
.figures dt { color: var(--muted); }
.figures dd { margin: 0; font-size: 24px; line-height: 32px; font-weight: 600; font-variant-numeric: tabular-nums; }
.figures small { font-size: 14px; font-weight: 400; color: var(--muted); }
@media (max-width: 640px) {
  header, main, nav { padding-left: 12px; padding-right: 12px; }
  section { padding: 16px 12px; }
  nav a:first-child { margin-left: 0; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
@media print {
  :root {
    --ground: #fff; --surface: #fff; --well: #f0f0f0; --line: #bbb;
    --text: #000; --muted: #444; --accent: #8a3000; --soft: #fff; color-scheme: light;
  }
  body { font-size: 12px; line-height: 16px; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  nav, .controls, .readout { display: none !important; }
  section { border: 0; padding: 16px 0; margin: 0; }
  .card, .chart, figure, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .scroll { max-height: none !important; overflow: visible !important; border: 0 !important; }
}
`;

/** The whole stylesheet of a report. */
export const style = baseStyle + partStyle + classifierStyle;

/** Lays the mean over a crop that is pointed at, and over all of them on request. `source` is the mean's address. */
export function meanStyle(source: string): string {
  return `
.crop::after {
  content: ""; position: absolute; inset: 0; visibility: hidden; background: var(--well) url(${source}) center / contain no-repeat;
}
.crop:hover::after, .show-mean .crop::after { visibility: visible; }
.crop:has(.none)::after { display: none; }
`;
}
