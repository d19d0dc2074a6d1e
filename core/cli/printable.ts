/** Control characters, and marks that turn the direction of the text around them. */
const disturbing = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu;

/** A text as one line that cannot disturb a terminal: line breaks, control characters and the like are shown as escapes. */
export function printable(text: string): string {
  return text.replaceAll(disturbing, (character) => {
    if (character === '\n') return '\\n';
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
