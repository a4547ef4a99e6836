import { build } from 'esbuild';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { installedEngines, type Engine, type EnginePage } from './engines.js';
import { html, script, startPage, type OwnPage } from './own-page.js';

/** What Lit leaves in a page: the versions that are there, and what decorators share. */
const LITS = [
  'litElementVersions',
  'litHtmlVersions',
  'litPropertyMetadata',
  'reactiveElementVersions',
];
/** Where the engine has none of its own. */
const LITS_SYMBOL = 'Symbol.metadata';
/** What WebKitGTK's driver leaves, and a call of ours that it is asked for meanwhile. */
const DRIVERS_SYMBOL = /^Symbol\((automationSessionProxy|call \d+)\)$/;

declare global {
  /** Once all is imported: the globals that are new or others, and what is so on them. */
  var added: string[] | undefined;
}

/** Looks by itself, since drivers leave something with each call. */
const LOOK = `<script type="module">
  // Every property of the page, of its functions, and of what these make, and what it holds.
  const everything = () => {
    const found = new Map();
    const note = (name, holder) => {
      for (const key of Reflect.ownKeys(holder)) {
        const { value, get, set } = Object.getOwnPropertyDescriptor(holder, key);
        // Objects may be made anew each time.
        found.set(name + String(key), [typeof value === 'object' ? null : value, get, set]);
      }
    };
    note('', globalThis);
    for (const [name, [held]] of [...found]) {
      if (typeof held !== 'function') continue;
      note(name + '.', held);
      note(name + '.prototype.', held.prototype ?? {});
    }
    note('document.', document);
    note('customElements.', customElements);
    return found;
  };
  const begun = everything();
  await import(location.pathname + '.js');
  globalThis.added = [...everything()]
    .filter(([name, held]) => !held.every((part, index) => Object.is(part, begun.get(name)?.[index])))
    .map(([name]) => name);
</script>`;

async function bundled(part: string): Promise<string> {
  const stdin = { contents: `export * from 'didit-verify${part}';`, resolveDir: '.' };
  const { outputFiles } = await build({ stdin, bundle: true, format: 'esm', write: false });
  return outputFiles[0]!.text;
}

for (const { name, launch } of installedEngines()) {
  describe(`what an import changes, in ${name}`, { timeout: 60_000 }, () => {
    let engine: Engine;
    let page: EnginePage;
    let site: OwnPage;

    before(async () => {
      engine = await launch();
      const parts = { '/index.js': await bundled(''), '/element.js': await bundled('/element') };
      site = await startPage((path) =>
        path in parts ? script(parts[path as keyof typeof parts]) : html(LOOK),
      );
      page = await engine.newPage();
    });

    after(async () => {
      await engine?.close();
      await site?.close();
    });

    for (const part of ['index', 'element'] as const) {
      const does = part === 'index' ? 'the tag, and nothing else' : 'nothing';
      it(`${part}.js: ${does}, beyond Lit’s own lists`, async () => {
        await page.goto(`${site.origin}/${part}`);
        await page.waitFor(() => globalThis.added);
        const { found, isRegistered } = await page.evaluate(() => ({
          found: globalThis.added!,
          isRegistered: customElements.get('didit-verify') !== undefined,
        }));
        assert.deepEqual(
          found.filter((key) => key !== LITS_SYMBOL && !DRIVERS_SYMBOL.test(key)).sort(),
          LITS,
        );
        assert.equal(isRegistered, part === 'index');
      });
    }
  });
}
