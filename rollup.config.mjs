import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import terser from '@rollup/plugin-terser';
import { minifyTemplateLiterals } from 'rollup-plugin-minify-template-literals';
import { besideScript } from './scripts/beside-script.mjs';
import { encoderNames, qrcodeCore } from './scripts/qrcode-core.mjs';

const { name, version, license } = JSON.parse(await readFile('package.json', 'utf8'));
const banner = `/*! ${name} ${version} | ${license} | includes Lit (BSD-3-Clause) and qrcode (MIT) */`;

/** What `this` is at the top of the modules that tsc wrote: there for its decorators helper. */
const context = 'globalThis';

const sandbox = path.resolve('build/sandbox/index.js');

/** Loaded where they are wanted, so they stay files of their own. */
const locales = /\/locales\//;

const toMinify = {
  context,
  external: locales,
  plugins: [
    minifyTemplateLiterals({ include: 'build/**', exclude: 'build/server-rendering.js' }),
    ...qrcodeCore(),
    terser({
      ecma: 2022,
      compress: { passes: 4, pure_getters: true },
      mangle: { properties: { regex: encoderNames } },
      format: { preamble: banner, comments: false },
    }),
  ],
};

/**
 * A page with a second copy of the file keeps the first one: evaluating another would register
 * nothing, and a second Lit throws where Trusted Types forbid a second policy of its name.
 */
const once = 'if (!customElements.get("didit-verify"))';

export default [
  {
    // For bundlers and Node: Lit stays an import, the encoder is bundled.
    context,
    input: {
      index: 'build/index.js',
      element: 'build/element.js',
      'inert-element': 'build/inert-element.js',
    },
    external: [/^lit(\/|$)/, locales],
    output: { dir: 'dist', format: 'es', sourcemap: true, chunkFileNames: '[name].js' },
    plugins: qrcodeCore(),
  },
  // Each a file of its own, which imports nothing; the program runs the published sandbox.
  ...['server/index', 'sandbox/index', 'bin/didit-verify'].map((part) => ({
    input: `build/${part}.js`,
    external: part.startsWith('bin/') ? [/^node:/, sandbox] : [],
    output: {
      file: `dist/${part}.js`,
      format: 'es',
      sourcemap: true,
      paths: { [sandbox]: '../sandbox/index.js' },
    },
  })),
  // The words of each language: they import nothing, so they do beside any of these.
  ...(await readdir('build/locales'))
    .filter((file) => file.endsWith('.js'))
    .map((file) => ({
      input: `build/locales/${file}`,
      plugins: [terser({ ecma: 2022, module: true })],
      output: { file: `dist/locales/${file}`, format: 'es' },
    })),
  {
    // One file with everything, good as `<script src>` and as `<script type="module" src>`.
    ...toMinify,
    input: 'build/register.js',
    plugins: [besideScript(), ...toMinify.plugins],
    output: {
      file: 'dist/didit-verify.min.js',
      format: 'iife',
      sourcemap: true,
      banner: once,
    },
  },
  {
    // The same as a module with exports.
    ...toMinify,
    input: 'build/index.js',
    output: { file: 'dist/didit-verify.esm.js', format: 'es', sourcemap: true },
  },
];
