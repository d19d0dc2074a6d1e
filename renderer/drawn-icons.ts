import type { Plugin } from 'vite';

/** What an icon of the library says of its drawing. */
interface IconData {
  readonly size: number;
  readonly node: readonly (readonly [tag: string, attributes: Readonly<Record<string, string>>])[];
}

/**
 * Makes each icon of `@lucide/svelte` plain markup when the window is built. As the library gives them, every icon puts its
 * lines together one attribute at a time when it is shown, which for the fifty of the first picture took a tenth of
 * its time. None is given a size or a colour here: that is for the style sheets.
 *
 * **Throws** for an icon that is not written as expected, so that none is lost with another version of the library.
 */
export function drawnIcons(): Plugin {
  return {
    name: 'drawn-icons',
    enforce: 'pre',
    transform: (source, id) => (/@lucide\/svelte\/dist\/icons\/[^/]+\.svelte$/.test(id) ? drawn(source, id) : null),
  };
}

function drawn(source: string, id: string): string {
  const data = /const iconData = (\{.*\});/.exec(source)?.[1];
  if (data === undefined) throw new Error(`${id} was expected to hold its drawing as "const iconData = {…};".`);
  const { size, node } = JSON.parse(data) as IconData;
  const lines = node.map(([tag, attributes]) => `<${tag} ${inMarkup(attributes)} />`).join('');
  const look = { fill: 'none', stroke: 'currentColor', 'stroke-width': '2', 'stroke-linecap': 'round' };
  const whole = { ...look, 'stroke-linejoin': 'round', width: `${size}`, height: `${size}` };
  return `<svg aria-hidden="true" viewBox="0 0 ${size} ${size}" ${inMarkup(whole)}>${lines}</svg>\n`;
}

function inMarkup(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}="${value}"`)
    .join(' ');
}
