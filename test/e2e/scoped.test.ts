import { build } from 'esbuild';
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { DiditVerifyElement } from '../../src/index.js';
import { installedEngines, type Engine, type EnginePage } from './engines.js';
import { builtScript, html, LISTENING, script, startPage, type OwnPage } from './own-page.js';

/** What the module file gives. */
interface Copy {
  readonly DiditVerifyElement: typeof DiditVerifyElement;
}

declare global {
  /** The module file, and the same at another address: another copy, with another Lit. */
  var copies: readonly [Copy, Copy];
}

const SESSION = '{"session_id":"1","url":"https://app.didit.me/authorize/1"}';

const PAGE = `${LISTENING}<script type="module">
  const load = (folder) => import('/' + folder + '/didit-verify.esm.js');
  globalThis.copies = [await load('one'), await load('two')];
  await import('/other.js');
</script>
<main></main>`;

/** An element of somebody else, who brought another Lit along. */
async function otherElement(): Promise<string> {
  const contents = `
    import { html, LitElement } from 'lit';
    customElements.define('other-element', class extends LitElement {
      static properties = { name: {} };
      render() { return html\`<p>Hello \${this.name}</p><slot></slot>\`; }
    });`;
  const stdin = { contents, resolveDir: '.' };
  const { outputFiles } = await build({ stdin, bundle: true, format: 'esm', write: false });
  return outputFiles[0]!.text;
}

async function startSite(): Promise<OwnPage> {
  const other = await otherElement();
  return startPage((path) => {
    if (path === '/') return html(PAGE);
    if (path === '/session')
      return { headers: { 'Content-Type': 'application/json' }, body: SESSION };
    return path === '/other.js' ? script(other) : builtScript(path.slice('/one/'.length));
  });
}

for (const { name, launch } of installedEngines()) {
  describe(`beside others, in ${name}`, { timeout: 60_000 }, () => {
    let engine: Engine;
    let page: EnginePage;
    let site: OwnPage;

    before(async () => {
      engine = await launch();
      site = await startSite();
      page = await engine.newPage();
    });

    after(async () => {
      await engine?.close();
      await site?.close();
    });

    /** Puts markup into the page, and waits until each of these tags has a code. */
    async function show(markup: string, selector: string): Promise<void> {
      await page.evaluate((text) => {
        document.querySelector('main')!.setHTMLUnsafe(text);
      }, markup);
      await page.waitFor((tags) => {
        const all = [...document.querySelectorAll<DiditVerifyElement>(tags)];
        return all.length > 0 && all.every((tag) => tag.state === 'ready');
      }, selector);
    }

    async function open(): Promise<void> {
      await page.goto(site.origin);
      await page.waitFor(() => customElements.get('other-element') !== undefined);
    }

    it('has as many names as a page wants', async () => {
      await open();
      await page.evaluate(() => {
        const [{ DiditVerifyElement: Verify }] = copies;
        for (const tag of ['first-verify', 'second-verify', 'second-verify']) Verify.define(tag);
      });
      const tags = ['didit-verify', 'first-verify', 'second-verify'];
      await show(
        tags.map((tag) => `<${tag} resolver-url="/session" no-resume></${tag}>`).join(''),
        tags.join(),
      );
      const are = await page.evaluate((all) => {
        const [{ DiditVerifyElement: Verify }] = copies;
        return all.map((tag) => document.querySelector(tag) instanceof Verify);
      }, tags);
      assert.deepEqual(are, [true, true, true]);
      assert.deepEqual(await page.evaluate(() => said), []);
    });

    it('goes into a registry of its own', async (t) => {
      await open();
      const isKnown = await page.evaluate(() => {
        try {
          new CustomElementRegistry();
          return 'customElementRegistry' in ShadowRoot.prototype;
        } catch {
          return false;
        }
      });
      if (!isKnown) return t.skip('This engine has no scoped registries.');
      const seen = await page.evaluate(async () => {
        const [{ DiditVerifyElement: Verify }] = copies;
        const registry = new CustomElementRegistry();
        Verify.define('scoped-verify', registry);
        const host = document.querySelector('main')!;
        const init = { mode: 'open', customElementRegistry: registry } as const;
        const root = host.attachShadow(init);
        root.setHTMLUnsafe('<scoped-verify resolver-url="/session" no-resume></scoped-verify>');
        registry.upgrade?.(root);
        const tag = root.querySelector<DiditVerifyElement>('scoped-verify')!;
        if (tag.state !== 'ready') {
          await new Promise((resolve) => tag.addEventListener('session-created', resolve));
          await tag.updateComplete;
        }
        return {
          isOurs: tag instanceof Verify,
          state: tag.state,
          hasCode: tag.shadowRoot!.querySelector('svg.code') !== null,
          isGlobal: customElements.get('scoped-verify') !== undefined,
        };
      });
      assert.deepEqual(seen, { isOurs: true, state: 'ready', hasCode: true, isGlobal: false });
      assert.deepEqual(await page.evaluate(() => said), []);
    });

    it('can be extended', async () => {
      await open();
      await page.evaluate(() => {
        const [{ DiditVerifyElement: Verify }] = copies;
        class AgeVerify extends Verify {
          static override properties = { minimumAge: { attribute: 'minimum-age', type: Number } };
          declare minimumAge?: number;
          override willUpdate(changed: Map<PropertyKey, unknown>): void {
            this.strings = { heading: `At least ${this.minimumAge}` };
            super.willUpdate(changed as never);
          }
        }
        AgeVerify.define('age-verify');
      });
      await show(
        `<form><age-verify name="age" minimum-age="18" required resolver-url="/session" no-resume></age-verify></form>`,
        'age-verify',
      );
      const seen = await page.evaluate(async () => {
        const tag = document.querySelector<DiditVerifyElement>('age-verify')!;
        tag.setAttribute('minimum-age', '21');
        await tag.updateComplete;
        return {
          heading: tag.shadowRoot!.querySelector('.heading')!.textContent.trim(),
          isMissing: tag.validity.valueMissing,
          isInForm: tag.form?.elements.namedItem('age') === tag,
          isReady: tag.matches(':state(ready)'),
        };
      });
      assert.deepEqual(seen, {
        heading: 'At least 21',
        isMissing: true,
        isInForm: true,
        isReady: true,
      });
      assert.deepEqual(await page.evaluate(() => said), []);
    });

    it('lives beside another copy of itself, and beside another Lit', async () => {
      await open();
      await page.evaluate(() => copies[1].DiditVerifyElement.define('other-verify'));
      await show(
        `<other-element name="you">
          <didit-verify resolver-url="/session" no-resume></didit-verify>
          <other-verify resolver-url="/session" no-resume></other-verify>
        </other-element>`,
        'didit-verify, other-verify',
      );
      const seen = await page.evaluate(() => {
        const [first, second] = copies.map(({ DiditVerifyElement: Verify }) => Verify);
        const verify = document.querySelector('didit-verify');
        const other = document.querySelector('other-verify');
        const theirs = document.querySelector('other-element')!.shadowRoot!;
        return {
          copies: [verify instanceof first!, verify instanceof second!, other instanceof second!],
          theirs: theirs.querySelector('p')!.textContent,
        };
      });
      assert.deepEqual(seen, { copies: [true, false, true], theirs: 'Hello you' });
      assert.deepEqual(await page.evaluate(() => said), []);
    });
  });
}
