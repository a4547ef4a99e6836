import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './browser.js';
import { message, type Question } from './fault-answers.js';
import { filesOf } from './fault-page.js';
import { answer, unfinished } from './fault-wire.js';
import { FaultyServer, type FaultySite } from './faulty-server.js';

// Of the engines, Chromium alone can be told that it is offline; the others meet servers that are
// down and up again, in the table of faults.

const BOUNDED = { timeout: 90_000 };
const STREAM = 'HTTP/1.1 200 OK\r\nContent-Type: {type}\r\n\r\n';
const FILES = filesOf({});
const KEEP_CODES = `
  globalThis.codes = [];
  document.addEventListener('error', ({ detail }) => codes.push(detail.code), true);`;

declare global {
  /** Codes of the `error` events. */
  var codes: string[];
}

describe('a page that goes offline and comes back', () => {
  let browser: Browser;

  before(async () => {
    browser = await launchChromium();
  });

  after(() => browser?.close());

  /** A page whose question is answered in this way until `mend()`. */
  async function open(t: TestContext, question: Question, fault: FaultySite['fault']) {
    const session = { status: { status_url: '/status' }, events: { events_url: '/events' } };
    const site = {
      ...{ question, fault, times: Infinity, isDown: false, files: FILES },
      session: question === 'create' ? {} : session[question],
      elsewhere: { closed: '', open: '' },
    };
    const server = new FaultyServer(site);
    await server.up();
    const context = await browser.newContext();
    t.after(async () => {
      await context.close();
      await server.close();
    });
    const page = await context.newPage();
    await page.addInitScript(KEEP_CODES);
    await page.goto(server.origin);
    return { page, server, context, mend: () => (site.times = 0) };
  }

  async function inState(page: Page, state: string): Promise<void> {
    await page.locator(`didit-verify:state(${state})`).waitFor();
  }

  it('asks for a session again when the person says so', BOUNDED, async (t) => {
    const { page, server, context } = await open(t, 'create', answer(String));
    await inState(page, 'ready');
    await context.setOffline(true);
    assert.equal(
      await page.evaluate(() => document.querySelector('didit-verify')!.restart()),
      'error',
    );
    assert.deepEqual(await page.evaluate(() => codes), ['resolver-unreachable']);
    await context.setOffline(false);
    await page.locator('didit-verify [part=retry-button]').click();
    await inState(page, 'ready');
    assert.deepEqual(server.asked, { create: 2, status: 0, events: 0 });
  });

  const waits = [
    {
      question: 'status',
      fault: answer('{"status":"In Progress"}'),
      told: ['status-unavailable'],
    },
    // Chromium does not cut what is open, so nobody knows: the page connects anew all the same.
    { question: 'events', fault: unfinished(STREAM + message('In Progress')), told: [] },
  ] as const;
  for (const { question, fault, told } of waits) {
    it(`hears by its ${question} what happened meanwhile`, BOUNDED, async (t) => {
      const { page, server, context, mend } = await open(t, question, fault);
      await inState(page, 'in-progress');
      await context.setOffline(true);
      await page.waitForFunction(
        (count) => !navigator.onLine && codes.length === count,
        told.length,
      );
      const before = server.asked[question];
      mend();
      await context.setOffline(false);
      await inState(page, 'approved');
      // None has arrived meanwhile, and one was enough.
      assert.equal(server.asked[question], before + 1);
      assert.deepEqual(await page.evaluate(() => codes), told);
    });
  }
});
