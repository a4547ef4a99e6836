import js from '@eslint/js';
import { configs as lit } from 'eslint-plugin-lit';
import { configs as wc } from 'eslint-plugin-wc';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import ts from 'typescript-eslint';

const typescript = ['src/**/*.ts', 'test/**/*.ts'];

export default defineConfig(
  // Applications are checked by the tools of their frameworks.
  globalIgnores(['build/', 'dist/', 'coverage/', '.cache/', 'test/frameworks/*/']),
  js.configs.recommended,
  {
    files: typescript,
    extends: [ts.configs.strictTypeChecked, ts.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: './test/tsconfig.json' } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      // Statics are what `define()` and Lit's `properties` are.
      '@typescript-eslint/no-extraneous-class': 'off',
    },
  },
  { files: ['src/*.ts'], extends: [lit['flat/recommended'], wc['flat/recommended']] },
  {
    files: ['src/**/*.ts'],
    rules: {
      'max-lines-per-function': ['error', { max: 30, skipBlankLines: true, skipComments: true }],
      'no-nested-ternary': 'error',
      'no-console': ['error', { allow: ['warn'] }],
    },
  },
  {
    // The typed `addEventListener` is merged into the class: overloads without a line of code.
    files: ['src/didit-verify-element.ts'],
    rules: { '@typescript-eslint/no-unsafe-declaration-merging': 'off' },
  },
  {
    // Runs on Node, Deno, Bun and workers: nothing that one of them lacks.
    files: ['src/server/**/*.ts', 'src/sandbox/**/*.ts'],
    rules: {
      // What a function of the site gives may be nothing.
      '@typescript-eslint/no-invalid-void-type': 'off',
      'no-restricted-globals': [
        'error',
        'window',
        'document',
        'process',
        'Buffer',
        'global',
        'require',
      ],
      'no-restricted-imports': ['error', { patterns: [{ regex: '^[^.]' }] }],
    },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // A test may hand over what types forbid: pages do, too.
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-floating-promises': [
        'error',
        {
          // Node's runner awaits its own.
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite'] },
          ],
        },
      ],
    },
  },
  {
    // Options that throw at start-up put nothing out.
    files: ['test/server/*.test.ts'],
    ignores: ['test/server/index.test.ts', 'test/server/options.test.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: 'src/server/(index|didit)\\.js$',
              importNames: ['createDidit'],
              message: 'Import it from ./recorded-didit.js, which searches its output for secrets.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['test/*.ts'],
    rules: {
      // Chai's assertions look like promises, by a plugin's types.
      '@typescript-eslint/no-floating-promises': 'off',
    },
  },
  {
    files: ['**/*.mjs', 'demo/assets/*.js'],
    languageOptions: { globals: globals.node },
    rules: { 'no-unused-vars': ['error', { ignoreRestSiblings: true }] },
  },
  {
    files: ['demo/assets/*.js', 'test/bench/{pages,peers}/*.js', 'test/bench/page-scripts.mjs'],
    languageOptions: { globals: globals.browser },
  },
);
