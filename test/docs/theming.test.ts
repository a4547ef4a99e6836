import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { Guide } from './guide.js';
import { closeBrowser, openSnippet } from './snippet-page.js';

const LIMIT = { timeout: 120_000 };
const TAG = '<didit-verify resolver-url="/api/didit/session"></didit-verify>';

const guide = new Guide('docs/theming.md');

/** Of a part of the only element, or of its n-th. */
function styleOf({ part = 'base', property = '', index = 0 }) {
  const { shadowRoot } = document.querySelectorAll('didit-verify')[index]!;
  const found = shadowRoot!.querySelector(`[part~="${part}"]`)!;
  return getComputedStyle(found).getPropertyValue(property);
}

after(closeBrowser);

describe('docs/theming.md', LIMIT, () => {
  it('changes properties, a part and a state', async (t) => {
    const { page } = await openSnippet(t, { html: TAG, css: guide.take('Theming', 'css') });
    await page.locator('didit-verify svg[role="img"]').waitFor();
    assert.equal(await page.evaluate(styleOf, { part: 'base', property: 'border-radius' }), '4px');
    assert.equal(
      await page.evaluate(styleOf, { part: 'link', property: 'text-transform' }),
      'uppercase',
    );
    const before = await page.evaluate(styleOf, { part: 'base', property: 'border-color' });
    await page.evaluate(async () => {
      const tag = document.querySelector('didit-verify')!;
      tag.resolver = () => Promise.reject(new Error('no'));
      await tag.restart();
    });
    assert.notEqual(before, 'rgb(220, 20, 60)');
    assert.equal(
      await page.evaluate(styleOf, { part: 'base', property: 'border-color' }),
      'rgb(220, 20, 60)',
    );
  });

  it('follows the page’s scheme, but for a theme of its own', async (t) => {
    const { page } = await openSnippet(t, { html: guide.take('Light and dark', 'html') });
    await page.locator('didit-verify svg[role="img"]').waitFor();
    const grounds = () =>
      Promise.all([
        page.evaluate(styleOf, { property: 'background-color', index: 0 }),
        page.evaluate(styleOf, { property: 'background-color', index: 1 }),
      ]);
    const dark = 'rgb(23, 25, 31)';
    await page.emulateMedia({ colorScheme: 'light' });
    assert.deepEqual(await grounds(), ['rgb(255, 255, 255)', dark]);
    await page.emulateMedia({ colorScheme: 'dark' });
    assert.deepEqual(await grounds(), [dark, dark]);
  });

  it('lets a page move on by a state, without a script', async (t) => {
    const { page, sandbox } = await openSnippet(t, {
      html: `${TAG}<p class="next">Next</p>`,
      css: `.next { display: none } ${guide.take('States', 'css')}`,
    });
    await page.locator('didit-verify svg[role="img"]').waitFor();
    assert.equal(await page.locator('.next').isVisible(), false);
    const id = await page.evaluate(
      () => document.querySelector('didit-verify')!.session!.sessionId,
    );
    sandbox.play(id, 'open');
    sandbox.play(id, 'confirm');
    await page.locator('.next').waitFor();
  });

  it('has the page’s own in its slots, and no fallback', async (t) => {
    const { page } = await openSnippet(t, { html: guide.take('Slots', 'html') });
    await page.locator('didit-verify svg[role="img"]').waitFor();
    for (const shown of ['h2', '[slot="description"]', '[slot="footer"]'])
      assert.ok(await page.locator(shown).isVisible(), shown);
    assert.equal(await page.locator('didit-verify > p:not([slot])').isVisible(), false);
  });

  it('has a logo in the code', async (t) => {
    const logo = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>';
    const { page } = await openSnippet(t, {
      html: guide.take('A logo in the code', 'html'),
      answer: ({ url }) =>
        url.endsWith('/logo.svg')
          ? new Response(logo, { headers: { 'Content-Type': 'image/svg+xml' } })
          : undefined,
    });
    const image = page.locator('[slot="logo"]');
    await image.waitFor();
    const [inner, outer] = await Promise.all([
      image.boundingBox(),
      page.locator('didit-verify svg[role="img"]').boundingBox(),
    ]);
    assert.ok(inner!.width / outer!.width <= 0.22);
  });

  it('is wider where it is told so, with the code beside the words', async (t) => {
    const { page } = await openSnippet(t, { html: TAG, css: guide.take('Size', 'css') });
    const code = page.locator('didit-verify svg[role="img"]');
    await code.waitFor();
    const boxes = await Promise.all([code, page.getByRole('link')].map((it) => it.boundingBox()));
    assert.ok(
      boxes[1]!.x >= boxes[0]!.x + boxes[0]!.width || boxes[1]!.x + boxes[1]!.width <= boxes[0]!.x,
    );
  });

  guide.leavesNothing();
});
