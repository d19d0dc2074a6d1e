/** Markup that is safe to put on the page: made by `html` alone. */
export interface Html {
  readonly markup: string;
}

type Part = string | number | Html | readonly Html[] | undefined;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Builds markup from a template; every text put into it is escaped, only `Html` goes in as it is. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { markup: strings.reduce((all, string, index) => all + render(parts[index - 1]) + string) };
}

/** Takes text that is markup already and was written by us, such as a stylesheet. */
export function trusted(markup: string): Html {
  return { markup };
}

function render(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'number') return String(part);
  if (typeof part === 'string') return part.replace(/[&<>"']/g, (character) => entities[character]);
  if ('markup' in part) return part.markup;
  return part.map((item) => item.markup).join('');
}

const invisible = /^[\u007f-\u009f\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;

/**
 * A file name as a person can read it on one line: control characters become their pictures, and marks that would turn
 * the direction of the text, or cannot be seen, are spelled out.
 */
export function readableName(name: string): string {
  return Array.from(name.toWellFormed(), (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return invisible.test(character) ? `\\u${code.toString(16).padStart(4, '0')}` : character;
  }).join('');
}

/** Checks a picture's address. **Throws** a TypeError for anything but an embedded PNG, JPEG or WebP. */
export function pictureSource(source: string): string {
  if (!/^data:image\/(?:png|jpeg|webp);base64,[A-Za-z0-9+/=]*$/.test(source)) {
    throw new TypeError(`A report holds embedded pictures only; found "${source.slice(0, 60)}".`);
  }
  return source;
}

/** Checks a link. **Throws** a TypeError for anything but a path below the page. */
export function relativeLink(href: string): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(href) || href.startsWith('/') || href.includes('\\')) {
    throw new TypeError(`A report links only to files beside it; found "${href.slice(0, 60)}".`);
  }
  return href;
}
