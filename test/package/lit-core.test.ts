import { build } from 'esbuild';
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { litCore } from '../../scripts/lit-core.mjs';
import { installedEngines, type Engine, type EnginePage } from '../e2e/engines.js';
import { builtScript, html, script, startPage, type OwnPage } from '../e2e/own-page.js';

/** A Lit that is whole, as a page that extends the element may have it. */
async function wholeLit(): Promise<string> {
  const contents = `export { css, html, nothing, svg } from 'lit';
    export { classMap } from 'lit/directives/class-map.js';
    export { styleMap } from 'lit/directives/style-map.js';`;
  const stdin = { contents, resolveDir: '.' };
  const { outputFiles } = await build({ stdin, bundle: true, format: 'esm', write: false });
  return outputFiles[0]!.text;
}

/** What a page may well do with the class. */
const SUBCLASS = `
  import { DiditVerifyElement } from './didit-verify.esm.js';
  import { classMap, css, html, nothing, styleMap, svg } from './lit.js';

  class OwnVerify extends DiditVerifyElement {
    static styles = [DiditVerifyElement.styles, [css\`p { order: \${7} }\`]];
    static properties = {
      count: { type: Number, reflect: true },
      shown: { type: Boolean, reflect: true },
      word: { reflect: true },
      list: { converter: { fromAttribute: JSON.parse } },
    };
    changes = [];
    constructor() {
      super();
      this.word = 'none';
    }
    get fine() {
      return this.renderRoot.querySelector('.fine');
    }
    updated(changed) {
      super.updated(changed);
      this.changes.push(...changed.keys());
    }
    press(event) {
      this.pressed = [this === event.currentTarget.getRootNode().host, event.type];
    }
    render() {
      return html\`\${super.render()}
        <!-- what's <b>not</b> shown -->
        <p
          class=\${classMap({ fine: true, bad: false })}
          style=\${styleMap({ color: 'rgb(1, 2, 3)' })}
          title="\${this.word} of \${this.count}"
          lang=\${this.word === 'none' ? nothing : 'en'}
          ?inert=\${!this.shown}
          .accessKey=\${'k'}
          @click=\${this.press}
        >\${this.word}: \${this.list?.map((item) => html\`<i>\${item}</i>\`)}</p>
        \${this.count > 1 ? document.createElement('hr') : nothing}
        <svg viewBox="0 0 \${9} 9">\${svg\`<circle r=\${4}></circle>\`}</svg>\`;
    }
  }
  OwnVerify.define('own-verify');
`;

describe('Lit in the single files', () => {
  it('is refused where it is not the Lit that was looked at', async () => {
    const file = path.resolve('.cache/other-lit/node_modules/lit-html/lit-html.js');
    mkdirSync(path.dirname(file), { recursive: true });
    const code = readFileSync('node_modules/lit-html/lit-html.js', 'utf8');
    for (const other of [code.replace('setConnected(t)', 'setConnected(e)'), code + code]) {
      writeFileSync(file, other);
      await assert.rejects(litCore().load(file), /lit-html\.js has [02] times, not once/);
    }
  });

  it('has all that the element uses', () => {
    const files = readdirSync('src').filter((file) => file !== 'server-rendering.ts');
    const all = files.filter((file) => file.endsWith('.ts'));
    const code = all.map((file) => readFileSync(`src/${file}`, 'utf8')).join('\n');
    const imports = [...code.matchAll(/^import (?!type)[^;]*?from '(lit(?:\/[^']*)?)';/gm)];
    const modules = new Set(imports.map(([, module]) => module));
    assert.deepEqual([...modules].sort(), ['lit', 'lit/directives/keyed.js']);
    assert.doesNotMatch(code, /\bmathml\b/);
    assert.doesNotMatch(code, /\bcss`[^`]*\$\{/, 'values in style sheets');
    const drawing = ['views', 'session-views', 'view-pieces'];
    const templates = drawing.map((name) => readFileSync(`src/${name}.ts`, 'utf8')).join('\n');
    assert.doesNotMatch(templates, /<(script|style|textarea|title)\b|<!--/);
  });

  it('is otherwise whole', async () => {
    assert.equal(await litCore().load(path.resolve('node_modules/lit/index.js')), null);
    assert.equal(await litCore().load(path.resolve('build/index.js')), null);
  });
});

for (const { name, launch } of installedEngines()) {
  describe(`a subclass of the single file’s class, in ${name}`, { timeout: 60_000 }, () => {
    let engine: Engine;
    let site: OwnPage;
    let page: EnginePage;

    before(async () => {
      engine = await launch();
      const lit = await wholeLit();
      const tag = '<own-verify manual count="1" list="[1,2]"></own-verify>';
      site = await startPage((asked) => {
        if (asked === '/lit.js') return script(lit);
        if (asked === '/subclass.js') return script(SUBCLASS);
        if (asked.endsWith('.js')) return builtScript(asked);
        return html(`${tag}<script type="module" src="subclass.js"></script>`);
      });
      page = await engine.newPage();
      await page.goto(site.origin);
      await page.waitFor(() => customElements.get('own-verify') !== undefined);
    });

    after(async () => {
      await engine?.close();
      await site?.close();
    });

    it('has its own styles and properties, and templates of another Lit', async () => {
      const first = await page.evaluate(async () => {
        const own = document.querySelector<OwnVerify>('own-verify')!;
        await own.updateComplete;
        const fine = own.fine;
        fine.click();
        return {
          base: own.shadowRoot!.querySelectorAll('.base').length,
          style: [getComputedStyle(fine).order, getComputedStyle(fine).color],
          text: fine.textContent,
          attributes: [fine.className.trim(), fine.title, fine.lang, fine.inert, fine.accessKey],
          box: own.shadowRoot!.querySelector('svg[viewBox="0 0 9 9"] circle')!.namespaceURI,
          pressed: own.pressed,
          reflected: own.getAttribute('word'),
        };
      });
      assert.deepEqual(first, {
        base: 1,
        style: ['7', 'rgb(1, 2, 3)'],
        text: 'none: 12',
        attributes: ['fine', 'none of 1', '', true, 'k'],
        box: 'http://www.w3.org/2000/svg',
        pressed: [true, 'click'],
        reflected: 'none',
      });
    });

    it('is drawn again where one of them changes', async () => {
      const later = await page.evaluate(async () => {
        const own = document.querySelector<OwnVerify>('own-verify')!;
        own.changes.length = 0;
        own.setAttribute('count', '2');
        own.setAttribute('shown', '');
        own.setAttribute('list', '[3]');
        own.word = 'some';
        await own.updateComplete;
        const { fine, changes, count, shown } = own;
        return {
          changes: changes.sort(),
          values: [count, shown, own.getAttribute('word')],
          text: fine.textContent,
          attributes: [fine.title, fine.lang, fine.inert],
          rules: own.shadowRoot!.querySelectorAll('hr').length,
        };
      });
      assert.deepEqual(later, {
        changes: ['count', 'list', 'shown', 'word'],
        values: [2, true, 'some'],
        text: 'some: 3',
        attributes: ['some of 2', 'en', false],
        rules: 1,
      });
    });
  });
}

/** The page's own subclass, as far as the test asks it. */
interface OwnVerify extends HTMLElement {
  readonly updateComplete: Promise<boolean>;
  readonly fine: HTMLElement;
  readonly changes: string[];
  readonly pressed: unknown;
  count: number;
  shown: boolean;
  word: string;
}
