import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/**
 * Bundles one part of the shell, `main` or `preload`, into one file: `--mode` says which. The preload script must be whole
 * in itself, because a sandboxed one can load nothing but electron.
 */
export default defineConfig(({ mode: part }) => ({
  root: fileURLToPath(new URL('..', import.meta.url)),
  publicDir: false,
  ssr: { noExternal: true },
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'dist/electron',
    emptyOutDir: part === 'main',
    minify: false,
    rolldownOptions: {
      input: `electron/${part}.ts`,
      external: ['electron', /^node:/],
      output: { format: 'cjs', entryFileNames: `${part}.cjs`, codeSplitting: false },
    },
  },
}));
