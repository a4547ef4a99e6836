import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page, Request } from 'playwright-core';
import type { DiditVerifyElement } from '../../src/index.js';
import { launchChromium } from './browser.js';
import { listenToLog } from './demo-log.js';
import { failDemo, startDemo, type DemoServer } from './demo-server.js';
import { phone } from './phone.js';
import { readQr } from './read-qr.js';

/** Has a page believe that it is hidden, or shown again. Called in the page. */
function setHidden(hidden: boolean): void {
  Object.defineProperties(document, {
    hidden: { configurable: true, value: hidden },
    visibilityState: { configurable: true, value: hidden ? 'hidden' : 'visible' },
  });
  document.dispatchEvent(new Event('visibilitychange'));
}

/** Whether the element has one stream open, as the demo's log tells. Called in the page. */
function hasOneStream(): boolean {
  const types = Array.from(document.querySelectorAll('#log strong'), (type) => type.textContent);
  const opened = types.filter((type) => type === 'events.opened');
  const closed = types.filter((type) => type === 'events.closed');
  return opened.length - closed.length === 1;
}

describe('the demo', () => {
  let demo: DemoServer;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  before(async () => {
    // First: where it is missing, nothing else is left open.
    browser = await launchChromium();
    demo = await startDemo();
    page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.goto(demo.origin);
    await page.locator('didit-verify:state(ready)').waitFor();
  });

  after(async () => {
    await browser.close();
    await demo.stop();
  });

  const sessionUrl = () =>
    page.locator('didit-verify').evaluate((tag: DiditVerifyElement) => tag.session!.url);

  /** Presses a button beside the element, and waits for what becomes of it. */
  async function press(name: string, state: string): Promise<void> {
    await page.getByRole('button', { name, exact: true }).click();
    await page.locator(`didit-verify:state(${state})`).waitFor();
  }

  it('says that it speaks to the sandbox', async () => {
    await page.getByText('Local sandbox').first().waitFor();
  });

  it('leads from another name of this host to its own, with the query', async () => {
    const other = demo.origin.replace('127.0.0.1', 'localhost');
    const answer = await fetch(`${other}/?endpoint=short`, { redirect: 'manual' });
    assert.equal(answer.status, 307);
    assert.equal(answer.headers.get('Location'), `${demo.origin}/?endpoint=short`);
  });

  it('shows the whole code at 1280 by 1000, readable in a screenshot', async () => {
    const { zxing } = await readQr(await page.screenshot());
    assert.equal(zxing, await sessionUrl());
    assert.match(zxing ?? '', new RegExp(`^${demo.origin}/authorize/[\\w-]{20,}$`));
  });

  it('leads a phone that reads the code to the authorize page, and back to the log', async () => {
    const { zxing } = await readQr(await page.screenshot());
    const reader = await browser.newPage({ viewport: { width: 390, height: 844 } });
    await reader.goto(zxing!);
    await page.locator('#log').getByText('status: retrieved').first().waitFor();
    await reader.getByRole('button', { name: 'Confirm' }).click();
    await page.locator('#log').getByText('status: confirmed').first().waitFor();
    await reader.close();
  });

  it('takes up the decision in the backend, and then tells the page', async () => {
    const log = page.locator('#log');
    await log.getByText('decision.accepted').waitFor();
    await log.getByText('shared: names, email').waitFor();
    await page.locator('didit-verify:state(approved)').waitFor();
    await log.getByText('session-completed').waitFor();
    assert.equal(await page.locator('#state').textContent(), 'approved');
  });

  it('tells a page’s own EventSource how the session goes on', { timeout: 60_000 }, async () => {
    const told = await page.evaluate(async () => {
      const created = await fetch('/api/didit/session', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: '{ "scope": "email" }',
      });
      const { url, status_url, events_url } = (await created.json()) as Record<string, string>;
      const statuses: string[] = [];
      const events = new EventSource(new URL(events_url!, created.url));
      await new Promise<void>((resolve) => {
        events.addEventListener('status', ({ data }: MessageEvent<string>) => {
          const { status } = JSON.parse(data) as { status: string };
          statuses.push(status);
          if (status === 'initialized') void fetch(url!);
          if (status === 'retrieved') {
            void fetch(url!, { method: 'POST', body: new URLSearchParams({ action: 'confirm' }) });
          }
          if (status === 'Confirmed') resolve();
        });
      });
      events.close();
      const polled = await fetch(new URL(status_url!, created.url));
      return [...statuses, ((await polled.json()) as { status: string }).status];
    });
    // The sandbox's decision spells it with a capital, as Didit's samples do, and has the last word.
    assert.deepEqual(told, ['initialized', 'retrieved', 'Confirmed', 'Confirmed']);
  });

  it('leads a press of the link there too', async () => {
    await press('Restart', 'ready');
    const url = await sessionUrl();
    const opening = page.waitForEvent('popup');
    await page.locator('didit-verify').getByRole('link').click();
    const popup = await opening;
    await popup.waitForLoadState();
    assert.equal(popup.url(), url);
    await popup.close();
    await page.locator('didit-verify:state(in-progress)').waitFor();
  });

  it('plays the phone in the same page', async () => {
    await press('Restart', 'ready');
    await page.locator('#play:enabled').click();
    const frame = page.frameLocator('#phone');
    await frame.getByRole('button', { name: 'Decline' }).click();
    await page.locator('didit-verify:state(declined)').waitFor();
    await frame.getByRole('heading', { name: 'Declined' }).waitFor();
    assert.equal(await page.locator('#play').isDisabled(), true);
  });

  it('takes a session back', async () => {
    await press('Restart', 'ready');
    await press('Cancel', 'cancelled');
    assert.equal(await page.locator('#state').textContent(), 'cancelled');
    await page.locator('#lock').waitFor();
  });

  it('asks for what is ticked', async () => {
    await press('Restart', 'ready');
    const asked = page.waitForRequest((request) => request.url().endsWith('/api/didit/session'));
    await page.getByLabel('Over 18').check();
    assert.deepEqual((await asked).postDataJSON(), { scope: 'names email is_over_18' });
    await page.locator('didit-verify:state(ready)').waitFor();
  });

  for (const [label, name, body] of [
    ['30 seconds', 'short', { scope: 'names email is_over_18' }],
    // What it asks for is set elsewhere.
    ['API version 3', 'verification', {}],
    ['15 minutes', 'session', { scope: 'names email is_over_18' }],
  ] as const) {
    it(`has sessions of ${label}`, async () => {
      const asked = page.waitForResponse((answer) => answer.url().endsWith(`/api/didit/${name}`));
      await page.getByLabel(label).check();
      assert.equal((await asked).status(), 201);
      assert.deepEqual((await asked).request().postDataJSON(), body);
      await page.locator('didit-verify:state(ready)').waitFor();
      const isFixed = name === 'verification';
      assert.equal(await page.getByLabel('Names').isDisabled(), isFixed);
    });
  }

  it('shows the same session on each tab', async () => {
    const url = await sessionUrl();
    for (const [tab, selector] of [
      ['In a form', '#stage form didit-verify'],
      ['In a dialog', '#stage didit-verify[presentation=dialog]'],
      ['In the page', '#stage > didit-verify'],
    ] as const) {
      await page.getByRole('link', { name: tab }).click();
      await page.locator(`${selector}:state(ready)`).waitFor();
      assert.equal(await sessionUrl(), url);
      const current = page.locator('.tabs [aria-current=page]');
      assert.deepEqual(await current.allTextContents(), [tab]);
    }
  });

  for (const [label, property, value] of [
    ['A button', 'refreshExpired', 'manual'],
    ['Nothing', 'refreshExpired', 'never'],
    ['A new one', 'refreshExpired', 'auto'],
    ['Dark', 'theme', 'dark'],
    ['Light', 'theme', 'light'],
    ['Auto', 'theme', 'auto'],
  ] as const) {
    it(`hands the choice of ${label} on to the element`, async () => {
      await page.getByLabel(label, { exact: true }).check();
      const tag = page.locator('#stage didit-verify');
      const given = tag.evaluate((it: DiditVerifyElement, name) => it[name], property);
      assert.equal(await given, value);
    });
  }

  for (const [name, chosen] of [
    ['short', '/api/didit/short'],
    ['nothing-here', '/api/didit/session'],
  ] as const) {
    it(`begins with ${chosen} where the query says ${name}`, async () => {
      const other = await browser.newPage();
      // Where nothing starts by itself.
      await other.goto(`${demo.origin}/?endpoint=${name}#dialog`);
      const tag = other.locator('#stage didit-verify');
      assert.equal(await tag.evaluate((it: DiditVerifyElement) => it.resolverUrl), chosen);
      await other.close();
    });
  }

  it('says where the element stands before that has told anything', async () => {
    const slow = await browser.newPage();
    // Nobody answers.
    await slow.route('**/api/didit/session', () => undefined);
    await slow.goto(`${demo.origin}/#dialog`);
    await slow.locator('#state', { hasText: /^idle$/ }).waitFor();
    await slow.locator('didit-verify').getByRole('button').first().click();
    await slow.locator('#state', { hasText: /^loading$/ }).waitFor();
    await slow.close();
  });

  it('has given no reason to complain so far, under its strict policy', () => {
    assert.deepEqual(complaints, []);
  });

  it('cuts the stream, which the element does not mind', { timeout: 60_000 }, async () => {
    const lines = (type: string) => page.locator('#log strong', { hasText: type });
    const heard = () => Promise.all([lines('session-created').count(), lines('error').count()]);
    await page.waitForFunction(hasOneStream);
    const opened = await lines('events.opened').count();
    const before = await heard();
    const answer = page.waitForResponse((response) => response.url().endsWith('/api/demo/cut'));
    await page.getByRole('button', { name: 'Cut the stream' }).click();
    assert.deepEqual(await (await answer).json(), { cut: 1 });
    await lines('events.opened').nth(opened).waitFor();
    assert.deepEqual(await heard(), before);
    assert.equal(await page.locator('#state').textContent(), 'ready');
  });

  it('hears nothing while it is hidden, and all of it then', { timeout: 60_000 }, async (t) => {
    const log = await listenToLog(demo.origin);
    t.after(() => log.close());
    const other = await browser.newPage();
    t.after(() => other.close());
    await other.goto(demo.origin);
    const tag = other.locator('didit-verify:state(ready)');
    const { sessionId, url } = await tag.evaluate((it: DiditVerifyElement) => it.session!);
    const lines = other.locator('#log li:not([data-source=page])', { hasText: sessionId });
    await lines.getByText('events.opened').waitFor();

    const isLog = (request: Request) => request.url().includes('/api/demo/log');
    const closed = other.waitForEvent('requestfailed', isLog);
    await other.evaluate(setHidden, true);
    await other.locator('#log').getByText('hidden: nothing is asked').waitFor();
    await closed;
    const before = await lines.count();
    await phone(url, 'confirm');
    // Without a page to ask for it, the server part takes some seconds.
    await log.find({ type: 'decision.accepted', sessionId });
    const told = log.told.filter((event) => event.sessionId === sessionId);
    assert.equal(await lines.count(), before);

    await other.evaluate(setHidden, false);
    await other.locator('#log').getByText('shown again').waitFor();
    await other.locator('didit-verify:state(approved)').waitFor();
    await lines.nth(told.length - 1).waitFor();
    const shown = await lines.locator('strong').allTextContents();
    assert.deepEqual(
      shown.reverse().slice(0, told.length),
      told.map(({ type }) => type),
    );
  });

  it('shows a broken backend in words, and goes on', async () => {
    await page.getByRole('button', { name: 'Break the backend' }).click();
    await page.getByRole('button', { name: 'Try again' }).waitFor();
    await press('Restart', 'ready');
  });

  it('fits a phone’s width', async () => {
    const narrow = await browser.newPage({ viewport: { width: 320, height: 700 } });
    await narrow.goto(demo.origin);
    await narrow.locator('didit-verify:state(ready)').waitFor();
    const { scrollWidth, clientWidth } = await narrow.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return { scrollWidth, clientWidth };
    });
    assert.equal(scrollWidth, clientWidth);
    await narrow.close();
  });
});

describe('the demo, with an account at Didit', () => {
  let demo: DemoServer;

  before(async () => {
    demo = await startDemo({ DIDIT_CLIENT_ID: 'mine', DIDIT_CLIENT_SECRET: 'my-secret' });
  });

  after(() => demo.stop());

  it('says that it speaks to the real Didit, and not with what', async () => {
    assert.match(demo.said(), /It speaks to the real Didit/);
    assert.doesNotMatch(demo.said(), /my-secret/);
    const answer = await fetch(`${demo.origin}/api/demo`);
    assert.deepEqual(await answer.json(), { mode: 'didit' });
  });

  it('has no sandbox', async () => {
    const answer = await fetch(`${demo.origin}/auth/v2/token/`, { method: 'POST' });
    assert.equal(answer.status, 404);
  });
});

describe('the demo, where it cannot start', () => {
  it('says that the port is taken, and what to do', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, said } = await failDemo({ PORT: String(port) });
    assert.equal(code, 1);
    assert.match(said, new RegExp(`^Port ${port} is taken\\. Try another: PORT=${port + 1} `));
    other.close();
  });

  for (const PORT of ['abc', '-1', '70000', '3000.5']) {
    it(`says that ${PORT} is no port`, async () => {
      const { code, said } = await failDemo({ PORT });
      assert.equal(code, 1);
      assert.match(said, /^PORT must be a number from 0 to 65535/);
    });
  }

  const ACCOUNTS: [string, NodeJS.ProcessEnv, RegExp][] = [
    ['half an account', { DIDIT_CLIENT_ID: 'mine' }, /^Set both/],
    ['a workflow alone', { DIDIT_WORKFLOW_ID: 'mine' }, /^DIDIT_WORKFLOW_ID needs/],
    [
      'two accounts',
      { DIDIT_CLIENT_ID: 'mine', DIDIT_CLIENT_SECRET: 'mine', DIDIT_API_KEY: 'mine' },
      /^Set either/,
    ],
  ];
  for (const [what, env, expected] of ACCOUNTS) {
    it(`says that ${what} will not do`, async () => {
      const { code, said } = await failDemo({ PORT: '0', ...env });
      assert.equal(code, 1);
      assert.match(said, expected);
    });
  }
});
