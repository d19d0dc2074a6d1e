import { svelte } from '@sveltejs/vite-plugin-svelte';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { drawnIcons } from './drawn-icons.ts';
import { listFiles } from './list-files.ts';

/** Builds the window into `dist/renderer`, which every door serves as it is. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  plugins: [drawnIcons(), svelte({ compilerOptions: { runes: true } }), listFiles()],
  publicDir: 'public',
  build: {
    outDir: '../dist/renderer',
    emptyOutDir: true,
    target: 'es2023',
    // Nothing may be inlined: the pages' policy loads only files of the door itself.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    // The program, and what the desktop shell shows when the engine has ended.
    rolldownOptions: {
      input: ['index.html', 'stopped.html'].map((page) => fileURLToPath(new URL(page, import.meta.url))),
    },
  },
});
