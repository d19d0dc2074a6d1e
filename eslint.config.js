import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import tseslint from 'typescript-eslint';

const typed = {
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/consistent-type-imports': 'error',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
};

const typedOptions = { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.svelte'] };

export default tseslint.config(
  { ignores: ['congeal-demo/', 'dist/', 'out/', 'node_modules/'] },
  js.configs.recommended,
  {
    files: ['**/*.js'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['test/support/electron-stand-in/preload-world.js'],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: typedOptions },
    rules: typed,
  },
  {
    // Every file of one program must be parsed with the same list of endings.
    files: ['**/*.svelte'],
    extends: [tseslint.configs.strictTypeChecked, ...svelte.configs.recommended],
    languageOptions: { parserOptions: { ...typedOptions, parser: tseslint.parser }, globals: globals.browser },
    rules: {
      ...typed,
      // The linter sees components as `any`; svelte-check knows their types and checks them.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      // Svelte's own compiler knows which declarations are used in markup.
      'prefer-const': 'off',
      'svelte/prefer-const': 'error',
      'svelte/button-has-type': 'error',
      'svelte/no-at-html-tags': 'error',
      // Text in `style` is refused by the policy of the page; directives (`style:width`) set properties and are fine.
      'no-restricted-syntax': [
        'error',
        { selector: "SvelteAttribute[key.name='style']", message: 'Use a class or a style directive.' },
      ],
      'svelte/require-each-key': 'error',
      // Paths of the window are its own hash routes.
      'svelte/no-navigation-without-resolve': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: typedOptions, globals: globals.browser },
    // `void state.value` in an effect says what the effect follows.
    rules: { '@typescript-eslint/no-meaningless-void-operator': 'off' },
  },
);
