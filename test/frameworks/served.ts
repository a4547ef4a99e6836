import assert from 'node:assert/strict';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../e2e/browser.js';
import type { WebServer } from '../web-server.js';
import { ApplicationPage } from './application-page.js';
import { prepare, startOwnServer, type Application, type OwnServer } from './application.js';
import { startSite } from './site.js';

/** An application that renders its pages on a server of its own. */
export interface ServedApplication extends Application {
  /** Its production server, for Node. */
  readonly start: readonly string[];
  /** The page that binds words and headers. */
  readonly bound: string;
}

const LIMIT = { timeout: 60_000 };
const RENDERS = 20;

/** A tag that a server has rendered, from its answer to a session that is confirmed. */
export function exerciseServed(application: ServedApplication): void {
  describe(`${application.name}, rendered on the server`, () => {
    let browser: Browser;
    let site: WebServer;
    let server: OwnServer;
    before(async () => {
      const place = prepare(application);
      site = await startSite();
      server = await startOwnServer(place, application.start, site.origin);
      browser = await launchChromium();
    });
    after(async () => {
      await browser?.close();
      await server?.stop();
      await site?.close();
      assert.doesNotMatch(server.said(), /error|warn/i);
    });

    const open = (t: TestContext, address: string) =>
      ApplicationPage.open(t, browser, server.origin + address);

    it('has the tag in the answer', LIMIT, async () => {
      const answer = await fetch(server.origin);
      assert.equal(answer.status, 200);
      assert.match(
        await answer.text(),
        /<didit-verify resolver-url="\/api\/didit\/session" allowed-hosts="127.0.0.1"/,
      );
    });

    it('takes it over, with one session', LIMIT, async (t) => {
      const page = await open(t, '/');
      await page.code();
      await page.phone('open', 'confirm');
      await page.inState('approved');
      assert.equal(page.creates.length, 1);
    });

    it('binds words and headers, new ones on every render', LIMIT, async (t) => {
      const page = await open(t, application.bound);
      await page.code();
      assert.deepEqual(page.creates, [{ scope: undefined, renders: '0', reason: undefined }]);
      await page.element.getByText('Prove it 0', { exact: true }).waitFor();
      for (let render = 0; render < RENDERS; render++) await page.press('Render');
      await page.element.getByText(`Prove it ${RENDERS}`, { exact: true }).waitFor();
      await page.page.getByText(`Rendered ${RENDERS}`, { exact: true }).waitFor();
      await page.phone('open', 'confirm');
      await page.inState('approved');
      assert.equal(page.creates.length, 1);
    });

    it('asks by a function', LIMIT, async (t) => {
      const page = await open(t, '/resolver');
      await page.code();
      assert.deepEqual(page.creates, [{ scope: 'names', renders: '0', reason: 'initial' }]);
    });

    it('goes to another page, and back', LIMIT, async (t) => {
      const page = await open(t, '/');
      const code = await page.code();
      await page.follow('Resolver');
      await page.code();
      await page.page.goBack();
      await page.isAt('Home');
      assert.equal(await page.code(), code);
      assert.equal(page.creates.length, 2);
    });
  });
}
