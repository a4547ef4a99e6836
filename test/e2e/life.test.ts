import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import type { DiditVerifyElement } from '../../src/index.js';
import type { StateName } from '../../src/state.js';
import { english } from '../../src/strings.js';
import { launchChromium } from './browser.js';
import { listenToLog, type DemoLog, type Told } from './demo-log.js';
import { DemoPage, type Endpoint } from './demo-page.js';
import { startDemo, type DemoServer } from './demo-server.js';
import { installedEngines, type Engine, type EnginePage } from './engines.js';
import { completed, OPENED, PATHS, walk } from './life-paths.js';
import { startSite, type OwnSiteOptions } from './own-site.js';
import { phone } from './phone.js';
import { readQr } from './read-qr.js';

// The server part asks Didit at most every two seconds: most of a test is waiting. So the engines
// take their tests at the same time, and the long wait for a code's end goes on beside the others.
const BOUNDED = { timeout: 90_000 };

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

const TWELVE_SCOPES = ['names', 'birthdate', 'is_over_18', 'document_detail'].flatMap((scope) => [
  scope,
  `${scope} email`,
  `email ${scope}`,
]);

/** A demo for the tests of a suite. */
function useDemo() {
  let server: DemoServer;
  let log: DemoLog;

  before(async () => {
    server = await startDemo();
    log = await listenToLog(server.origin);
  });

  after(async () => {
    log?.close();
    await server?.stop();
  });

  return {
    log: () => log,
    origin: () => server.origin,
    async openDemo(page: EnginePage, endpoint: Endpoint, tab?: string): Promise<DemoPage> {
      const demo = new DemoPage(page);
      await demo.open(server.origin, endpoint, tab);
      return demo;
    },
  };
}

/** How many streams were open at the same time. */
function mostStreams(told: readonly Told[]): number {
  const changes = told.map(
    ({ type }) => Number(type === 'events.opened') - Number(type === 'events.closed'),
  );
  const open = changes.map((_, index) => changes.slice(0, index + 1).reduce((a, b) => a + b));
  return Math.max(...open);
}

/** Opens a site of the test's own, with the session that its page then shows. */
async function openSite(page: EnginePage, t: TestContext, options: OwnSiteOptions) {
  const site = await startSite(options);
  t.after(() => site.close());
  await page.goto(site.origin);
  await page.waitFor(isState, 'ready');
  return { site, url: await page.evaluate(sessionUrl) };
}

// What follows is called in pages.

/** Looks at the code in each frame, until it has been replaced and some frames longer. */
async function watchCode() {
  const tag = document.querySelector('didit-verify')!;
  const codes = new Set<string | null>();
  let [frames, bad, left] = [0, 0, Infinity];
  tag.addEventListener('session-created', () => (left = 10), { once: true });
  for (; left > 0; left--) {
    await new Promise(requestAnimationFrame);
    frames++;
    const code = tag.shadowRoot!.querySelector('.code');
    codes.add(code?.querySelector('path')?.getAttribute('d') ?? null);
    const isScannable = code?.checkVisibility() && code.getBoundingClientRect().width > 150;
    if (!isScannable || tag.state !== 'ready') bad++;
  }
  return { frames, bad, codes: codes.size };
}

/** Asks the dialog to close, as the Escape key does (HTML, close requests). */
async function dialogIsUp() {
  const dialog = document.querySelector('didit-verify')!.shadowRoot!.querySelector('dialog')!;
  await Promise.all(dialog.getAnimations().map(({ finished }) => finished));
}

async function closeDialog() {
  const tag = document.querySelector('didit-verify')!;
  const dialog = tag.shadowRoot!.querySelector('dialog')!;
  const was = dialog.matches(':modal');
  const closed = new Promise((resolve) => tag.addEventListener('close', resolve, { once: true }));
  dialog.requestClose();
  await closed;
  return { was, is: tag.open };
}

function sessionUrl(): string {
  return document.querySelector('didit-verify')!.session!.url;
}

/** Elements that each ask for something else, so that none is given the session of another. */
function addElements(scopes: string[]): void {
  const tags = scopes.map((scope) => {
    const resolverUrl = '/api/didit/session';
    const tag = document.createElement('didit-verify');
    return Object.assign(tag, { resolverUrl, scope, allowedHosts: '127.0.0.1' });
  });
  document.body.append(...tags);
}

function addedSessions() {
  const tags = document.querySelectorAll<DiditVerifyElement>('body > didit-verify');
  return Array.from(tags, (tag) => tag.session!);
}

/** How many of so many requests at a time are answered. */
async function askOften(times: number): Promise<number> {
  const answers = Array.from({ length: times }, () => fetch('/api/demo', { cache: 'no-store' }));
  return (await Promise.all(answers)).filter(({ ok }) => ok).length;
}

function isState(state: StateName): boolean {
  return document.querySelector('didit-verify')!.matches(`:state(${state})`);
}

describe('from the page to the phone and back', { concurrency: 3 }, () => {
  for (const { name, launch } of installedEngines()) {
    describe(name, { concurrency: 3 }, () => {
      let engine: Engine;

      before(async () => {
        engine = await launch();
      });

      after(() => engine?.close());

      /** Those that are empty again: to open one is most of the work. */
      const idle: EnginePage[] = [];

      /** A page in which a test has failed is not used again. */
      function inPage(title: string, test: (page: EnginePage, t: TestContext) => Promise<void>) {
        it(title, BOUNDED, async (t) => {
          const page = idle.pop() ?? (await engine.newPage({ width: 1280, height: 900 }));
          await test(page, t);
          await page.evaluate(() => sessionStorage.clear());
          await page.goto('about:blank');
          idle.push(page);
        });
      }

      describe('a session', { concurrency: 2 }, () => {
        const { openDemo, log } = useDemo();
        for (const path of PATHS) {
          inPage(`${path.endpoint}: ${path.name}`, async (page) => {
            await walk(await openDemo(page, path.endpoint), log(), path);
          });
        }
      });

      describe('a code that ends soon', { concurrency: 1 }, () => {
        const { openDemo } = useDemo();

        inPage('is replaced, and there is no frame without one', async (page) => {
          const demo = await openDemo(page, 'short');
          await demo.inState('ready', 'initialized');
          const { url } = await demo.session();
          assert.equal((await readQr(await page.screenshot())).zxing, url);
          const { frames, bad, codes } = await page.evaluate(watchCode);
          assert.ok(frames > 20);
          assert.equal(bad, 0, `${bad} of ${frames} frames had no code to scan`);
          assert.equal(codes, 2);
          const next = await demo.session();
          assert.notEqual(next.url, url);
          assert.equal((await readQr(await page.screenshot())).zxing, next.url);
          assert.deepEqual(await demo.heard(), [
            'session-created initial',
            'status-changed ready to ready (initialized)',
            'session-expired true',
            'session-created refresh',
            'status-changed ready to ready (initialized)',
          ]);
        });

        inPage('still counts when it has just been replaced', async (page, t) => {
          const { url } = await openSite(page, t, { sessionLifetime: 10 });
          await page.waitFor(() => heard.some(({ reason }) => reason === 'refresh'));
          assert.notEqual(await page.evaluate(sessionUrl), url);
          await phone(url, 'confirm');
          await page.waitFor(isState, 'approved');
          assert.equal(await page.evaluate(sessionUrl), url);
        });
      });

      describe('what comes in between', { concurrency: 1 }, () => {
        const { openDemo, log } = useDemo();

        inPage('a cut stream: it connects again, and loses nothing', async (page) => {
          const demo = await openDemo(page, 'session');
          await demo.inState('ready', 'initialized');
          const { sessionId, url } = await demo.session();
          await log().find({ type: 'events.opened', sessionId });
          await demo.click('[data-action=cut]');
          await log().find({ type: 'events.closed', sessionId });
          await log().find({ type: 'events.opened', sessionId }, 2);
          await phone(url, 'open');
          await demo.inState('in-progress', 'retrieved');
          await demo.click('[data-action=cut]');
          await log().find({ type: 'events.closed', sessionId }, 2);
          await phone(url, 'confirm');
          await demo.inState('approved', 'Confirmed');
          assert.deepEqual(await demo.heard(), [
            'session-created initial',
            'status-changed ready to ready (initialized)',
            ...OPENED.heard,
            ...completed('confirm', 'approved', 'Confirmed').heard,
          ]);
        });

        inPage(
          'a reload: the session under way, and the approved one, are found again',
          async (page) => {
            const created = log().count({ source: 'backend', type: 'session.created' });
            const demo = await openDemo(page, 'session');
            await demo.inState('ready', 'initialized');
            const { sessionId, url } = await demo.session();
            await phone(url, 'open');
            await demo.inState('in-progress', 'retrieved');

            await demo.page.reload();
            await demo.inState('in-progress', 'retrieved');
            assert.equal((await demo.session()).sessionId, sessionId);
            await phone(url, 'confirm');
            await demo.inState('approved', 'Confirmed');
            assert.deepEqual(await demo.heard(), [
              'session-created resume',
              ...OPENED.heard,
              ...completed('confirm', 'approved', 'Confirmed').heard,
            ]);

            await demo.page.reload();
            await demo.inState('approved', 'Confirmed');
            assert.equal((await demo.session()).sessionId, sessionId);
            assert.equal(log().count({ source: 'backend', type: 'session.created' }), created + 1);
          },
        );

        inPage('a form: it is submitted once the person is approved', async (page) => {
          const demo = await openDemo(page, 'session', 'form');
          await demo.inState('ready', 'initialized');
          const { sessionId, url } = await demo.session();
          // Its page crashes as it shows, on a virtual display, why a form is not sent (seen in 2.50.6).
          const canRefuse = name !== 'WebKitGTK';
          if (canRefuse) await demo.click('form[data-form] .primary');
          assert.ok(!(await demo.heard()).some((line) => line.startsWith('submit')));
          await phone(url, 'confirm');
          await demo.inState('approved', 'Confirmed');
          await demo.click('form[data-form] .primary');
          const { type, detail } = (await demo.lines()).at(-1)!;
          assert.deepEqual([type, detail], ['submit', { nickname: '', verification: sessionId }]);

          await demo.click('form[data-form] [type=reset]');
          await demo.page.waitFor(() => document.querySelector('didit-verify')!.state === 'idle');
          assert.deepEqual((await demo.shown()).buttons, ['start-button']);
          if (canRefuse) await demo.click('form[data-form] .primary');
          assert.equal((await demo.heard()).filter((line) => line.startsWith('submit')).length, 1);
        });

        inPage('a dialog: closed and opened again it has the same session', async (page) => {
          const demo = await openDemo(page, 'session', 'dialog');
          await demo.press('start-button');
          await demo.inState('ready', 'initialized');
          const { sessionId, url } = await demo.session();
          assert.deepEqual(await demo.page.evaluate(closeDialog), { was: true, is: false });
          assert.equal((await demo.lines()).at(-1)!.type, 'close');
          await demo.press('start-button');
          await demo.page.waitFor(() => document.querySelector('didit-verify')!.open);
          assert.equal((await demo.shown()).hasCode, true);
          assert.equal((await demo.session()).sessionId, sessionId);
          // It comes up out of nothing.
          await demo.page.evaluate(dialogIsUp);
          assert.equal((await readQr(await demo.page.screenshot())).zxing, url);

          // Also while it is closed.
          await demo.page.evaluate(closeDialog);
          await phone(url, 'open', 'confirm');
          await demo.inState('approved', 'Confirmed');
          assert.equal((await demo.session()).sessionId, sessionId);
        });

        inPage(
          'a site that is gone for a while: the page recovers, with one word of it',
          async (page, t) => {
            const decisions: { status: string; at: number }[] = [];
            const onDecision = async ({ status }: { status: string }) => {
              // Slow, so that a page which does not wait for it is seen.
              await pause(500);
              decisions.push({ status, at: Date.now() });
            };
            const { site, url } = await openSite(page, t, { onDecision });
            await phone(url, 'open');
            await page.waitFor(isState, 'in-progress');

            await site.stop();
            await phone(url, 'confirm');
            await page.waitFor(() => heard.some(({ type }) => type === 'error'));
            assert.equal(await page.evaluate(isState, 'in-progress'), true);
            await site.start();

            await page.waitFor(isState, 'approved');
            const told = await page.evaluate(() => heard);
            const of = (type: string) => told.filter((each) => each.type === type);
            assert.deepEqual(
              of('error').map(({ code }) => code),
              ['status-unavailable'],
            );
            assert.equal(of('session-completed').length, 1);
            assert.deepEqual(
              decisions.map(({ status }) => status),
              ['Confirmed'],
            );
            assert.ok(decisions[0]!.at <= of('session-completed')[0]!.at);
          },
        );

        inPage('streams that are refused: the page asks instead', async (page, t) => {
          const { site, url } = await openSite(page, t, { streams: false });
          await phone(url, 'open');
          await page.waitFor(isState, 'in-progress');
          await phone(url, 'confirm');
          await page.waitFor(isState, 'approved');
          assert.equal(site.streamsAsked(), 1);
        });

        inPage(
          'a function of the page’s own for the status: it alone is asked',
          async (page, t) => {
            const { site, url } = await openSite(page, t, { ownStatus: true });
            await phone(url, 'open', 'confirm');
            await page.waitFor(isState, 'approved');
            assert.equal(site.streamsAsked(), 0);
          },
        );
      });
    });
  }

  describe('Chromium alone', { concurrency: 1 }, () => {
    const { log, origin } = useDemo();
    let browser: Browser;

    before(async () => {
      browser = await launchChromium();
    });

    after(() => browser?.close());

    async function openPage(t: TestContext, tab: string, options: BrowserContextOptions = {}) {
      const page = await browser.newPage(options);
      t.after(() => page.close());
      await page.goto(`${origin()}/#${tab}`);
      return page;
    }

    it('a phone: the link comes first, and leads there and back in one tab', BOUNDED, async (t) => {
      const created = log().count({ source: 'backend', type: 'session.created' });
      const page = await openPage(t, 'page', PHONE);
      await page.locator('didit-verify:state(ready)').waitFor();
      const url = await page.evaluate(sessionUrl);
      const link = page.locator('didit-verify').getByRole('link');
      assert.equal(await page.locator('didit-verify .code').count(), 0);
      assert.equal(await link.textContent(), english['link-touch']);
      assert.doesNotMatch((await link.getAttribute('class'))!, /quiet/);
      assert.equal(await link.getAttribute('href'), url);
      assert.equal(await link.getAttribute('target'), null);

      await link.tap();
      await page.waitForURL(url);
      await page.getByRole('button', { name: 'Confirm' }).tap();
      await page.getByRole('heading', { name: 'Confirmed' }).waitFor();
      while (page.url() === url) await page.goBack();
      await page.locator('didit-verify:state(approved)').waitFor();
      assert.equal(await page.evaluate(sessionUrl), url);
      assert.equal(log().count({ source: 'backend', type: 'session.created' }), created + 1);
    });

    it('a phone: Didit’s callback leads to the same session, approved', BOUNDED, async (t) => {
      const created = log().count({ source: 'backend', type: 'session.created' });
      // Where nothing starts by itself.
      const page = await openPage(t, 'dialog', PHONE);
      await page.getByLabel('API version 3').check();
      await page.getByRole('link', { name: 'In the page' }).tap();
      await page.locator('didit-verify:state(ready)').waitFor();
      const { sessionId, url } = await page.evaluate(
        () => document.querySelector('didit-verify')!.session!,
      );

      await page.locator('didit-verify').getByRole('link').tap();
      await page.waitForURL(url);
      await page.getByRole('button', { name: 'Approve' }).tap();
      await page.getByRole('link', { name: 'Back to Demo shop' }).tap();
      await page.locator('didit-verify:state(approved)').waitFor();
      const { searchParams } = new URL(page.url());
      assert.deepEqual(Object.fromEntries(searchParams), {
        endpoint: 'verification',
        verificationSessionId: sessionId,
        status: 'Approved',
      });
      assert.equal(await page.evaluate(sessionUrl), url);
      assert.equal(log().count({ source: 'backend', type: 'session.created' }), created + 1);
    });

    it('the Escape key closes the dialog, and the focus is where it was', BOUNDED, async (t) => {
      const page = await openPage(t, 'dialog');
      const dialog = page.locator('didit-verify dialog');
      const button = page.locator('didit-verify [aria-haspopup=dialog]');
      await button.press('Enter');
      await page.locator('didit-verify:state(ready)').waitFor();
      const url = await page.evaluate(sessionUrl);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
      assert.equal(await page.locator('didit-verify:state(ready)').count(), 1);
      const focused = () => document.activeElement?.shadowRoot?.activeElement?.getAttribute('part');
      assert.equal(await page.evaluate(focused), 'start-button');
      await page.keyboard.press('Enter');
      await dialog.locator('.code').waitFor();
      assert.equal(await page.evaluate(sessionUrl), url);
    });

    it('twelve elements on a page: one stream, and room for all requests', BOUNDED, async (t) => {
      const page = await openPage(t, 'dialog');
      const begin = log().told.length;
      const opened = log().count({ type: 'events.opened' });
      await page.evaluate(addElements, TWELVE_SCOPES);
      assert.equal(await page.evaluate(askOften, 24), 24);
      await page.locator('body > didit-verify:state(ready)').nth(11).waitFor();
      assert.equal(await page.locator('body > didit-verify .code').count(), 12);
      const sessions = await page.evaluate(addedSessions);
      const ids = new Set(sessions.map(({ sessionId }) => sessionId));
      assert.equal(ids.size, 12);

      await log().find({ type: 'events.opened' }, opened + 1);
      const cut = await fetch(`${origin()}/api/demo/cut`, { method: 'POST' });
      assert.deepEqual(await cut.json(), { cut: 1 });
      await log().find({ type: 'events.opened' }, opened + 2);
      assert.equal(await page.evaluate(askOften, 24), 24);
      const own = log()
        .told.slice(begin)
        .filter(({ sessionId }) => ids.has(sessionId!));
      assert.equal(mostStreams(own), 1);

      // One that listens, and one that asks.
      for (const index of [0, 11]) {
        await phone(sessions[index]!.url, 'confirm');
        const tag = `body > didit-verify:nth-of-type(${index + 1})`;
        await page.locator(`${tag}:state(approved)`).waitFor();
      }
    });
  });
});
