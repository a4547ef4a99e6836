import { nodeResolve } from '@rollup/plugin-node-resolve';
import { build, type BuildOptions } from 'esbuild';
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { before, describe, it } from 'node:test';
import vm from 'node:vm';
import { rollup } from 'rollup';

/** A site that has it installed: bundlers treat what is their own in another way. */
const SITE = path.resolve('.cache/bundlers');
const ENTRY = path.join(SITE, 'entry.js');

before(() => {
  const installed = path.join(SITE, 'node_modules/didit-verify');
  rmSync(SITE, { recursive: true, force: true });
  mkdirSync(installed, { recursive: true });
  cpSync('dist', path.join(installed, 'dist'), { recursive: true });
  writeFileSync(path.join(SITE, 'package.json'), '{ "name": "site" }');
  cpSync('package.json', path.join(installed, 'package.json'));
});

/** Bundles a module that is given as text, whole, with the package found by its name. */
const bundlers: Readonly<Record<string, (code: string) => Promise<string>>> = {
  esbuild: (code) => bundle(code, { format: 'esm' }),
  async rollup(code) {
    const own = {
      name: 'own',
      resolveId: (id: string) => (id === ENTRY ? id : null),
      load: (id: string) => (id === ENTRY ? code : null),
    };
    const { generate } = await rollup({
      input: ENTRY,
      plugins: [own, nodeResolve({ browser: true })],
      onwarn: () => undefined,
    });
    const { output } = await generate({ format: 'es', inlineDynamicImports: true });
    return output[0].code;
  },
};

/** That an unused import is left out is warned of. */
const SILENT = { bundle: true, write: false, charset: 'utf8', logLevel: 'error' } as const;

async function bundle(code: string, options: BuildOptions): Promise<string> {
  const stdin = { contents: code, resolveDir: SITE };
  const { outputFiles } = await build({ stdin, ...SILENT, ...options });
  return outputFiles![0]!.text;
}

describe('bundlers', () => {
  for (const [name, bundleBy] of Object.entries(bundlers)) {
    const alone = `console.log('alone');`;

    it(`${name} leaves out all of didit-verify/element where it is not used`, async () => {
      const expected = await bundleBy(alone);
      for (const unused of [
        `import { DiditVerifyElement } from 'didit-verify/element'; ${alone}`,
        `import * as verify from 'didit-verify/element'; ${alone}`,
        `import 'didit-verify/element'; ${alone}`,
      ]) {
        assert.equal(await bundleBy(unused), expected, unused);
      }
    });

    it(`${name} keeps what is used, and what registers`, async () => {
      for (const used of [
        `import { DiditVerifyElement } from 'didit-verify/element'; DiditVerifyElement.define();`,
        `import 'didit-verify';`,
      ]) {
        assert.match(await bundleBy(used), /"?resolver-url"?/, used);
      }
    });

    it(`${name} keeps the words of a language, and nothing else`, async () => {
      const code = await bundleBy(`import 'didit-verify/locales/de';`);
      assert.match(code, /Identität/);
      assert.doesNotMatch(code, /resolver-url|Identidad/);
    });
  }
});

/** Bundlers for where there is no page, by what they ask of packages. */
const TARGETS: Readonly<Record<string, BuildOptions>> = {
  Node: { platform: 'node' },
  workerd: { platform: 'neutral', conditions: ['workerd', 'worker', 'browser'] },
  'an edge runtime': { platform: 'neutral', conditions: ['edge-light', 'worker', 'browser'] },
};

const PARTS = ['', '/element', '/locales/de', '/server', '/sandbox'];

describe('bundled for where there is no page', () => {
  for (const [target, options] of Object.entries(TARGETS)) {
    for (const part of PARTS) {
      it(`didit-verify${part} does no harm in ${target}`, async () => {
        const code = `export * from 'didit-verify${part}';`;
        const text = await bundle(code, { ...options, format: 'cjs' });
        const module = { exports: {} };
        // As bare as a worker, and what Node has besides.
        const worker = { module, console, TextEncoder, TextDecoder, URL, crypto };
        const node = { Buffer, require: process.getBuiltinModule };
        vm.runInNewContext(text, { ...worker, ...(target === 'Node' ? node : {}) });
        assert.ok(part.startsWith('/locales') || Object.keys(module.exports).length > 0);
      });
    }
  }
});
