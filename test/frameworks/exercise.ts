import assert from 'node:assert/strict';
import type { Browser } from 'playwright-core';
import { after, before, describe, it, type TestContext } from 'node:test';
import path from 'node:path';
import { launchChromium } from '../e2e/browser.js';
import { ApplicationPage } from './application-page.js';
import { prepare, type StaticApplication } from './application.js';
import type { WebServer } from '../web-server.js';
import { startSite } from './site.js';

const LIMIT = { timeout: 60_000 };
const RENDERS = 20;

/** What the demo's backend tells of a session at first, and all that follows a confirmation. */
const BEGUN = ['session-created initial', 'status-changed ready ready'];
const CONFIRMED = [
  'status-changed ready in-progress',
  'status-changed in-progress approved',
  'session-completed approved',
  'change',
];

/** Everything that a person, and a developer, want of an application, built for production. */
export function exercise(application: StaticApplication): void {
  describe(`${application.name}, built for production`, () => {
    let browser: Browser;
    let site: WebServer;
    before(async () => {
      const place = prepare(application);
      site = await startSite(path.join(place, application.output));
      browser = await launchChromium();
    });
    after(async () => {
      await browser?.close();
      await site?.close();
    });

    const open: Open = (t, address) => ApplicationPage.open(t, browser, site.origin + address);

    it('binds attributes and properties, new ones on every render', LIMIT, (t) => binds(open, t));
    it('asks by a function that is new on every render', LIMIT, (t) => resolves(open, t));
    it('hears what a session comes to', LIMIT, (t) => hears(open, t));
    it('hears of a new session in place of an ended one', LIMIT, (t) => hearsOfAnEnd(open, t));
    it('hears of a failure, once', LIMIT, (t) => hearsOfAFailure(open, t));
    it('hears of its dialog', LIMIT, (t) => hearsOfItsDialog(open, t));
    it('takes the element away, and has it back', LIMIT, (t) => toggles(open, t));
    it('orders a list anew, with the same nodes', LIMIT, (t) => reorders(open, t));
    it('keeps the element alive', LIMIT, (t) => keepsAlive(open, t));
    it('goes to another page, and back', LIMIT, (t) => goesAndComesBack(open, t));
    it('sends a form that is complete, and no other', LIMIT, (t) => sends(open, t));
  });
}

type Open = (t: TestContext, address: string) => Promise<ApplicationPage>;

async function binds(open: Open, t: TestContext): Promise<void> {
  const page = await open(t, '/binding');
  const first = await page.code();
  assert.deepEqual(page.creates, [{ scope: 'names', renders: '0', reason: undefined }]);
  assert.equal(await page.get('pollInterval'), 500);
  for (let render = 0; render < RENDERS; render++) await page.press('Render');
  await page.element.getByText(`Prove it ${RENDERS}`, { exact: true }).waitFor();
  await page.page.getByText(`Rendered ${RENDERS}`, { exact: true }).waitFor();
  await page.press('Theme');
  await page.page.locator('didit-verify[theme="dark"]').waitFor();
  await page.press('Disable');
  await page.element.locator('[part~="link"]').waitFor({ state: 'detached' });
  await page.press('Disable');
  assert.equal(await page.code(), first);
  assert.equal(page.creates.length, 1);
  await page.press('Scope');
  await page.codeAfter(first);
  assert.deepEqual(page.creates.slice(1), [
    { scope: 'names email', renders: String(RENDERS), reason: undefined },
  ]);
  await page.phone('open', 'confirm');
  await page.inState('approved');
  assert.equal(page.creates.length, 2);
}

async function resolves(open: Open, t: TestContext): Promise<void> {
  const page = await open(t, '/resolver');
  await page.code();
  for (let render = 0; render < RENDERS; render++) await page.press('Render');
  await page.press('Restart');
  await page.asked(2);
  assert.deepEqual(page.creates, [
    { scope: 'names', renders: '0', reason: 'initial' },
    { scope: 'names', renders: String(RENDERS), reason: 'restart' },
  ]);
}

async function hears(open: Open, t: TestContext): Promise<void> {
  const page = await open(t, '/events');
  await page.lines(BEGUN);
  await page.phone('open');
  await page.lines([...BEGUN, ...CONFIRMED.slice(0, 1)]);
  await page.phone('confirm');
  await page.lines([...BEGUN, ...CONFIRMED]);
  assert.equal(page.creates.length, 1);
}

async function hearsOfAnEnd(open: Open, t: TestContext): Promise<void> {
  const page = await open(t, '/events');
  await page.lines(BEGUN);
  await page.phone('expire');
  await page.lines([
    ...BEGUN,
    'status-changed ready expired',
    'session-expired true',
    'session-created refresh',
    'status-changed ready ready',
  ]);
  assert.equal(page.creates.length, 2);
}

async function hearsOfAFailure(open: Open, t: TestContext): Promise<void> {
  const page = await open(t, '/events?to=/api/nothing');
  await page.inState('error');
  await page.lines(['error resolver-rejected']);
  // The browser's own, of the answer 404.
  assert.match(page.complaint(), /404.*\/api\/nothing$/);
}

async function hearsOfItsDialog(goTo: Open, t: TestContext): Promise<void> {
  const page = await goTo(t, '/events?presentation=dialog');
  const open = () => page.element.locator('[aria-haspopup="dialog"]').click();
  await open();
  await page.lines(BEGUN);
  const code = await page.code();
  await page.element.locator('[part~="close-button"]').click();
  await page.lines([...BEGUN, 'close']);
  await open();
  assert.equal(await page.code(), code);
  assert.equal(page.creates.length, 1);
}

async function toggles(open: Open, t: TestContext): Promise<void> {
  const page = await open(t, '/conditional');
  const code = await page.code();
  await page.press('Toggle');
  await page.page.locator('didit-verify').waitFor({ state: 'detached' });
  await page.press('Toggle');
  assert.equal(await page.code(), code);
  await page.phone('open', 'confirm');
  await page.inState('approved');
  assert.equal(page.creates.length, 1);
}

async function reorders(open: Open, t: TestContext): Promise<void> {
  const page = await open(t, '/list');
  const items = page.page.locator('li[data-scope]');
  const order = () => items.evaluateAll((nodes) => nodes.map((node) => node.dataset.scope));
  const codes = async () => {
    const found: Record<string, string> = {};
    for (const scope of await order()) {
      found[scope!] = await page.code(page.page.locator(`[data-scope="${scope}"] didit-verify`));
    }
    return found;
  };
  const before = await codes();
  assert.deepEqual(await order(), ['names', 'email', 'birthdate']);
  await page.mark();
  await page.press('Reverse');
  // Frameworks draw when they like.
  await page.page.locator('li[data-scope="birthdate"]:first-child').waitFor();
  assert.deepEqual(await order(), ['birthdate', 'email', 'names']);
  assert.ok(await page.areMarked());
  assert.deepEqual(await codes(), before);
  await page.press('Remove');
  await page.page.locator('li[data-scope="birthdate"]').waitFor({ state: 'detached' });
  assert.deepEqual(await order(), ['email', 'names']);
  assert.ok(await page.areMarked());
  assert.deepEqual(page.creates.map(({ scope }) => scope).sort(), ['birthdate', 'email', 'names']);
}

async function keepsAlive(open: Open, t: TestContext): Promise<void> {
  const page = await open(t, '/keep');
  const code = await page.code();
  await page.mark();
  await page.press('Other');
  await page.page.getByText('Something else.').waitFor();
  await page.element.waitFor({ state: 'hidden' });
  await page.press('Verify');
  assert.equal(await page.code(), code);
  assert.ok(await page.areMarked());
  await page.phone('open', 'confirm');
  await page.inState('approved');
  assert.equal(page.creates.length, 1);
}

async function goesAndComesBack(open: Open, t: TestContext): Promise<void> {
  const page = await open(t, '/binding');
  const code = await page.code();
  await page.listens();
  // What is left is let go.
  const stream = page.page.waitForEvent('requestfailed', (request) =>
    request.url().endsWith('&events'),
  );
  await page.follow('Home');
  await stream;
  await page.page.goBack();
  await page.isAt('Binding');
  assert.equal(await page.code(), code);
  await page.follow('Home');
  await page.follow('Binding');
  assert.equal(await page.code(), code);
  assert.equal(page.creates.length, 1);
}

async function sends(open: Open, t: TestContext): Promise<void> {
  const page = await open(t, '/form');
  const output = page.page.locator('output');
  await page.code();
  await page.press('Send');
  assert.equal(await output.textContent(), '');
  const { sessionId } = (await page.get('session'))!;
  await page.phone('open', 'confirm');
  await page.inState('approved');
  await page.press('Send');
  await output.getByText(JSON.stringify({ verification: sessionId }), { exact: true }).waitFor();
  await page.press('Reset');
  await page.inState('idle');
  assert.equal(await page.get('value'), '');
  assert.equal(page.creates.length, 1);
}
