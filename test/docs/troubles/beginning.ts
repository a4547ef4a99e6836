import assert from 'node:assert/strict';
import { ENDPOINT, openTroubled, TAG } from '../troubled-page.js';
import { tag, to, untilState, words, type Cases } from './symptoms.js';

const BOX = 'document.querySelector("didit-verify").getBoundingClientRect().height';

/** “Nothing begins”. */
export const beginning: Cases = {
  "Nothing is there, or only what you wrote into the tag; customElements.get('didit-verify') is undefined":
    async (t) => {
      const { page } = await openTroubled(t, { head: '', body: TAG });
      assert.equal(await page.evaluate(BOX), 0);
      const expression = "customElements.get('didit-verify')";
      return [expression, String(await page.evaluate(expression))];
    },
  'Failed to resolve module specifier "didit-verify"': async (t) => {
    const head = '<script type="module">import "didit-verify";</script>';
    const { page, said } = await openTroubled(t, { head, body: TAG });
    await page.waitForLoadState('load');
    return said;
  },
  'A heading and no button; resolver-url or resolver is needed.': async (t) => {
    const body = `<didit-verify resolverUrl="${ENDPOINT}"></didit-verify>`;
    const { page, said } = await openTroubled(t, { body });
    await page.waitForFunction(() => document.querySelector('didit-verify')!.state === 'idle');
    await page.waitForLoadState('load');
    while (!said.some((words) => words.includes('is needed'))) {
      await page.waitForEvent('console');
    }
    assert.equal(await page.locator('didit-verify button').count(), 0);
    return [said, await words(page)];
  },
  '“Get a code”, and nothing by itself': async (t) => {
    const { page, asked } = await openTroubled(t, { body: tag('manual') });
    await page.locator('didit-verify [part="start-button"]').waitFor();
    assert.deepEqual(creates(asked), []);
    const shown = await words(page);
    await page.evaluate(() => document.querySelector('didit-verify')!.start());
    await untilState(page, 'ready');
    // The other cause: a form that is reset.
    const form = await openTroubled(t, { body: `<form>${tag()}</form>` });
    await untilState(form.page, 'ready');
    await form.page.evaluate(() => document.querySelector('form')!.reset());
    await untilState(form.page, 'idle');
    assert.match(await words(form.page), /Get a code/);
    return shown;
  },
  '“Verify with Didit” on a button, and no code': async (t) => {
    const { page, asked } = await openTroubled(t, { body: tag('presentation="dialog"') });
    const button = page.locator('didit-verify button').first();
    await button.waitFor();
    assert.deepEqual(creates(asked), []);
    const text = await button.innerText();
    await button.click();
    await untilState(page, 'ready');
    return text;
  },
  'Nothing before the page is scrolled': async (t) => {
    const body = `<div style="height: 5000px"></div>${tag('loading="lazy"')}`;
    const { page, asked } = await openTroubled(t, { body });
    await untilState(page, 'idle');
    // A frame, and what an observer would tell after it.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
    assert.deepEqual(creates(asked), []);
    await page.locator('didit-verify').scrollIntoViewIfNeeded();
    await untilState(page, 'ready');
  },
  'Nothing while the tab is in the background': async (t) => {
    const { page, asked } = await openTroubled(t, { body: TAG, before: hide });
    assert.equal(
      await page.evaluate(() => document.querySelector('didit-verify')!.start()),
      'idle',
    );
    assert.deepEqual(creates(asked), []);
    await page.evaluate(() => {
      Reflect.deleteProperty(document, 'hidden');
      document.dispatchEvent(new Event('visibilitychange'));
    });
    await untilState(page, 'ready');
  },
  'A heading, and neither button nor warning': async (t) => {
    const body = `<fieldset disabled>${TAG}</fieldset>`;
    const { page, asked, said } = await openTroubled(t, { body });
    await untilState(page, 'idle');
    await page.waitForLoadState('load');
    assert.match(await words(page), /Verify with Didit/);
    assert.equal(await page.locator('didit-verify button').count(), 0);
    assert.deepEqual(creates(asked), []);
    assert.ok(!said.some((words) => words.includes('resolver')), said.join('\n'));
    await page.evaluate(() => document.querySelector('fieldset')!.removeAttribute('disabled'));
    // Enabled, it offers a button, or begins.
    await page.waitForFunction(() => document.querySelector('didit-verify')!.state !== 'idle');
  },
  'The spinner stays': async (t) => {
    const answer = to(ENDPOINT, () => new Promise(() => undefined));
    const patient = await openTroubled(t, { body: TAG, answer });
    await patient.page.locator('didit-verify [part="spinner"]').waitFor();
    const body = tag('timeout="200"');
    const { page, asked } = await openTroubled(t, { body, answer });
    await untilState(page, 'error');
    assert.equal(creates(asked).length, 1 + 2);
  },
};

function creates(asked: readonly string[]): readonly string[] {
  return asked.filter((request) => request.startsWith('POST'));
}

/** Runs in the page. */
function hide(): void {
  Object.defineProperty(document, 'hidden', { configurable: true, value: true });
}
