import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { DiditVerifyElement } from '../../src/index.js';
import { launchChromium } from './browser.js';

/** The narrowest policy under which the file works: Lit's one policy, no inline anything. */
const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; " +
  "require-trusted-types-for 'script'; trusted-types lit-html";

const MIN = '/dist/didit-verify.min.js';
const ways = {
  'a classic script': `<script src="${MIN}"></script>`,
  'a deferred script': `<script src="${MIN}" defer></script>`,
  'a module script': `<script type="module" src="${MIN}"></script>`,
  'two copies of the classic file': `<script src="${MIN}"></script><script src="${MIN}?2"></script>`,
  'a classic and a module script': `<script src="${MIN}"></script>
    <script type="module" src="${MIN}"></script>`,
  'the module file': `<script type="module" src="/dist/didit-verify.esm.js"></script>`,
};

describe('the bundles in a page', () => {
  let server: Server;
  let browser: Browser;
  let page: Page;
  let head = '';
  let complaints: string[];

  before(async () => {
    // First: where it is missing, nothing else is left open.
    browser = await launchChromium();
    server = createServer((request, response) => {
      const { pathname } = new URL(request.url!, 'http://localhost');
      if (pathname === '/session') {
        response.setHeader('Content-Type', 'application/json');
        response.end('{"session_id":"1","url":"https://app.didit.me/authorize/1"}');
      } else if (pathname.startsWith('/dist/')) {
        response.setHeader('Content-Type', 'text/javascript');
        response.end(readFileSync(`.${pathname}`));
      } else {
        response.setHeader('Content-Security-Policy', POLICY);
        response.setHeader('Content-Type', 'text/html');
        response.end(`<!doctype html><link rel="icon" href="data:,">${head}
          <didit-verify resolver-url="/session"></didit-verify>`);
      }
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    page = await browser.newPage();
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
  });

  after(async () => {
    await browser.close();
    server.close();
  });

  for (const [name, markup] of Object.entries(ways)) {
    it(`${name}: works under Trusted Types, without a word of complaint`, async () => {
      head = markup;
      complaints = [];
      await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
      await page.locator('didit-verify:state(ready)').waitFor();
      await page.waitForLoadState('networkidle');
      // The icon only keeps the browser from asking for one.
      assert.deepEqual(
        complaints.filter((text) => !text.includes('data:,')),
        [],
      );
    });
  }

  it('a second copy evaluates nothing: the page has one Lit', async () => {
    head = ways['two copies of the classic file'];
    await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
    const versions = await page.evaluate(
      () => (globalThis as { litElementVersions?: string[] }).litElementVersions?.length,
    );
    assert.equal(versions, 1);
  });

  it('the module file exports the class', async () => {
    head = ways['the module file'];
    const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
    await page.goto(origin);
    const same = await page.locator('didit-verify').evaluate(async (tag: DiditVerifyElement) => {
      const path = '/dist/didit-verify.esm.js';
      const module = (await import(path)) as { DiditVerifyElement: unknown };
      return tag.constructor === module.DiditVerifyElement;
    });
    assert.equal(same, true);
  });
});
