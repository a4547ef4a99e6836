import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import terser from '@rollup/plugin-terser';
import { minifyTemplateLiterals } from 'rollup-plugin-minify-template-literals';
import { besideScript } from './scripts/beside-script.mjs';
import { letForConst } from './scripts/let-for-const.mjs';
import { thirdPartyLicenses } from './scripts/licenses.mjs';
import { litCore } from './scripts/lit-core.mjs';
import { encoderNames, qrcodeCore } from './scripts/qrcode-core.mjs';
import { internalNames, shortCustomProperties } from './scripts/short-names.mjs';

const { name, version, license } = JSON.parse(await readFile('package.json', 'utf8'));
const banner = `/*! ${name} ${version} | ${license} */`;

/** What `this` is at the top of the modules that tsc wrote: there for its decorators helper. */
const context = 'globalThis';

const sandbox = path.resolve('build/sandbox/index.js');

/** Loaded where they are wanted, so they stay files of their own. */
const locales = /\/locales\//;

/** Whose code may be in a file; the terms are in THIRD-PARTY-LICENSES.txt. */
const others = {
  'Lit (BSD-3-Clause)': /\/node_modules\/(lit|lit-html|lit-element|@lit)\//,
  'qrcode (MIT)': /\/node_modules\/qrcode\//,
};

function bannerOf({ moduleIds }) {
  const files = moduleIds.map((id) => id.replaceAll('\\', '/'));
  const included = Object.keys(others).filter((name) => files.some((id) => others[name].test(id)));
  return banner.replace(' */', ` | includes ${included.join(' and ')} */`);
}

const beside = path.resolve('build/locale-loaders-beside.js');

/** Maps that are the same wherever `node_modules` is. */
const mapped = {
  sourcemap: true,
  sourcemapPathTransform: (source) => source.replace(/^.*\/node_modules\//, '../node_modules/'),
};

/** Rollup plugin: only bundlers need the path of each language's words written out. */
const localesBeside = {
  name: 'locales-beside',
  resolveId: (id) => (id === './locale-loaders.js' ? beside : null),
};

/** Of members: those that have short names in the minified files. */
const shortened = new RegExp(`^(${internalNames.join('|')})$|${encoderNames.source}`);

const toMinify = (nameCache) => ({
  context,
  plugins: [
    localesBeside,
    shortCustomProperties(),
    minifyTemplateLiterals({
      include: 'build/**',
      exclude: ['server-rendering', 'css', 'element-styles', 'lit-given'].map(
        (file) => `build/${file}.js`,
      ),
    }),
    litCore(),
    ...qrcodeCore(),
    letForConst(),
    terser({
      ecma: 2022,
      compress: { passes: 4, pure_getters: true, keep_fargs: false },
      mangle: { properties: { regex: shortened } },
      format: { comments: /^! didit-verify/ },
      nameCache,
    }),
  ],
});

/** What the two files of the split build know each other by is shortened alike. */
const toMinifySplit = toMinify({});

const onDemand = path.resolve('build/session-parts-on-demand.js');
const firstStyles = path.resolve('build/styles.js');
const litGiven = path.resolve('build/lit-given.js');

/** Rollup plugin: what is needed once there is a session is loaded when one is asked for. */
const partsOnDemand = {
  name: 'parts-on-demand',
  resolveId(id) {
    if (id === './session-parts-file.js') return { id: './session-parts.js', external: true };
    if (id === './element-styles.js') return firstStyles;
    return id === './session-parts.js' ? onDemand : null;
  },
};

/** Rollup plugin: the file with these parts has no Lit of its own. */
const withLitGiven = {
  name: 'lit-given',
  resolveId: (id) => (/^lit(\/|$)/.test(id) ? litGiven : null),
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
    output: { dir: 'dist', format: 'es', ...mapped, banner, chunkFileNames: '[name].js' },
    plugins: qrcodeCore(),
  },
  // Each a file of its own, which imports nothing; the program runs the published sandbox.
  ...['server/index', 'sandbox/index', 'bin/didit-verify'].map((part) => ({
    input: `build/${part}.js`,
    external: part.startsWith('bin/') ? [/^node:/, sandbox] : [],
    output: {
      file: `dist/${part}.js`,
      format: 'es',
      ...mapped,
      banner,
      paths: { [sandbox]: '../sandbox/index.js' },
    },
  })),
  // The words of each language: they import nothing, so they do beside any of these.
  ...(await readdir('build/locales'))
    .filter((file) => file.endsWith('.js'))
    .map((file) => ({
      input: `build/locales/${file}`,
      plugins: [terser({ ecma: 2022, compress: { passes: 4 }, format: { preamble: banner } })],
      output: { file: `dist/locales/${file}`, format: 'es', ...mapped },
    })),
  {
    // One file with everything, good as `<script src>` and as `<script type="module" src>`.
    ...toMinify(),
    input: 'build/register.js',
    plugins: [besideScript(), ...toMinify().plugins, thirdPartyLicenses()],
    output: {
      file: 'dist/didit-verify.min.js',
      format: 'iife',
      ...mapped,
      banner: (chunk) => `${bannerOf(chunk)}\n${once}`,
    },
  },
  {
    // The same as a module with exports.
    ...toMinify(),
    input: 'build/index.js',
    output: { file: 'dist/didit-verify.esm.js', format: 'es', ...mapped, banner: bannerOf },
  },
  {
    // That module again, in two files: what is needed once there is a session is loaded while it is
    // asked for.
    ...toMinifySplit,
    input: 'build/index.js',
    plugins: [partsOnDemand, ...toMinifySplit.plugins],
    output: { file: 'dist/didit-verify.split.js', format: 'es', ...mapped, banner: bannerOf },
  },
  {
    ...toMinifySplit,
    input: 'build/session-parts-file.js',
    plugins: [withLitGiven, ...toMinifySplit.plugins],
    output: { file: 'dist/session-parts.js', format: 'es', ...mapped, banner: bannerOf },
  },
];
