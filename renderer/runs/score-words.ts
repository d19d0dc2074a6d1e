import { sentenceOf } from './run-words.ts';

const words: Readonly<Partial<Record<string, string>>> = {
  similarity: 'Similarity to the mean',
  confidence: 'Confidence',
  pose_distance: 'Distance in pose',
  outside_fraction: 'Share outside',
  effective_resolution: 'Resolution',
};

/** The name of a score as people read it, the same everywhere. */
export function scoreWords(name: string): string {
  return words[name] ?? sentenceOf(name);
}

const places = Object.keys(words);

/** Names of scores in the order in which they are shown: what is asked first comes first. */
export function inOrder(names: readonly string[]): readonly string[] {
  const place = (name: string) => (places.includes(name) ? places.indexOf(name) : places.length);
  return names.toSorted((a, b) => place(a) - place(b));
}
