/**
 * A text that sorts by its bytes as a person would sort names: `img2` before `img10`, case and accents' encoding aside.
 * Stored beside names and indexed, so a change needs a migration that works every one out again.
 */
export function naturalOrder(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[0-9]+/g, (digits) => {
      const significant = digits.replace(/^0+(?=[0-9])/, '');
      return `0${String(significant.length).padStart(3, '0')}${significant}`;
    });
}
