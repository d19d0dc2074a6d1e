import { config } from 'zod';
import { mount } from 'svelte';
import App from './App.svelte';

/** Puts the program into the page. */
export function startProgram(): void {
  // Schemas are checked without compiling code: the page's policy forbids that.
  config({ jitless: true });
  const target = document.getElementById('window');
  if (target === null) throw new Error('The page has no element #window.');
  target.replaceChildren();
  mount(App, { target });
}
