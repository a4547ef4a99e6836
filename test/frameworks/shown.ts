import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, it, type TestContext } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../e2e/browser.js';
import type { WebServer } from '../web-server.js';
import { ApplicationPage } from './application-page.js';
import { prepare, type StaticApplication } from './application.js';
import { createBackend } from './quick-start.js';
import { startOwnSite } from './site.js';

type Backend = ReturnType<typeof createBackend>;

/** An open page with a block, and what plays Didit. */
export interface ShownBlock {
  readonly page: ApplicationPage;
  readonly sandbox: Backend['sandbox'];
}

/** A section of the guide, the page with its block, and what is to be so there. */
type Shown = readonly [section: string, address: string, check: Check];

type Check = (open: Open) => Promise<void>;
type Open = (prepare?: (page: Page) => void, backend?: Backend) => Promise<ShownBlock>;

const LIMIT = { timeout: 60_000 };

const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" />';

/** Opens the pages that have a guide's blocks, word for word, with a backend as a site has it. */
export function show(
  application: StaticApplication,
  guide: string,
  blocks: readonly Shown[],
): void {
  describe(`docs/${guide}, its blocks`, () => {
    let browser: Browser;
    let place: string;
    before(async () => {
      place = path.join(prepare(application), application.output);
      browser = await launchChromium();
    });
    after(() => browser?.close());

    for (const [section, address, check] of blocks) {
      it(`do what “${section}” says, at ${address}`, LIMIT, (t) =>
        check((prepare, backend = createBackend()) =>
          openBlock(t, { browser, place, address, prepare, backend }),
        ),
      );
    }
  });
}

async function openBlock(
  t: TestContext,
  { browser, place, address, prepare, backend }: OpenedBlock,
): Promise<ShownBlock> {
  const { sandbox, didit } = backend;
  const site: WebServer = await startOwnSite(didit.session, place);
  t.after(async () => {
    didit.close();
    await site.close();
  });
  const page = await ApplicationPage.open(t, browser, site.origin + address, async (opened) =>
    prepare?.(opened),
  );
  return { page, sandbox };
}

interface OpenedBlock {
  readonly browser: Browser;
  readonly place: string;
  readonly address: string;
  readonly prepare: ((page: Page) => void) | undefined;
  readonly backend: Backend;
}

/** Words, numbers, functions and children of the tag are set before it asks. */
export function bindsAll(heading: string, child: string): Check {
  return async (open) => {
    let asked: ReturnType<Page['waitForRequest']>;
    const { page } = await open((opened) => {
      asked = opened.waitForRequest((request) => request.method() === 'POST');
      // A picture of the site's.
      void opened.route('**/logo.svg', (route) =>
        route.fulfill({ contentType: 'image/svg+xml', body: LOGO }),
      );
    });
    await page.code();
    assert.equal(page.creates.length, 1);
    assert.equal((await asked!).headers()['x-csrf-token'], 'a-token');
    assert.equal(await page.get('pollInterval'), 5000);
    await page.element.getByText(heading, { exact: true }).waitFor();
    assert.equal(await page.page.locator(`didit-verify > ${child}`).count(), 1);
    await page.close();
  };
}

/** Handlers hear how a session ends, and why there is none: both write it to the console. */
export async function hearsBoth(open: Open): Promise<void> {
  const said: string[] = [];
  const { page, sandbox } = await open((opened) => {
    opened.on('console', (message) => void said.push(message.text()));
  });
  await page.code();
  sandbox.play((await page.get('session'))!.sessionId, 'confirm');
  await page.inState('approved');
  assert.ok(said.includes('approved'), said.join('\n'));
  await page.close();

  // An authorize URL that is not Didit's.
  const failed = await open(undefined, createBackend('https://elsewhere.example'));
  await failed.page.inState('error');
  assert.match(failed.page.complaint(), /^unsafe-url /);
  await failed.page.close();
}

/** The button starts again, by a method of the element. */
export async function startsAgain(open: Open): Promise<void> {
  const { page } = await open();
  const code = await page.code();
  await page.press('Start again');
  await page.codeAfter(code);
  assert.equal(page.creates.length, 2);
  await page.close();
}
