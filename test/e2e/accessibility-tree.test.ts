import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './browser.js';
import {
  keysFor,
  show,
  STATE_KEYS,
  startGallery,
  type Pointer,
  type Presentation,
  type StateKey,
} from './gallery.js';
import type { OwnPage } from './own-page.js';

/**
 * What screen readers are told in each state. `UPDATE_SNAPSHOTS=1` writes it anew: read each line
 * that has changed as somebody who sees nothing else. What is going on? What is there to do?
 */
const FILE = path.resolve('test/e2e/snapshots/accessibility-tree.txt');
const IS_NEW = process.env.UPDATE_SNAPSHOTS === '1';

const TITLE = /^=== (.*)$/m;
const PRESENTATIONS: readonly Presentation[] = ['inline', 'dialog', 'opener'];
const POINTERS = { mouse: {}, finger: { hasTouch: true, isMobile: true } };

/** The file's text, by state. */
function reviewed(): Record<string, string> {
  if (!existsSync(FILE)) return {};
  const [, ...parts] = readFileSync(FILE, 'utf8').split(TITLE);
  const pairs = parts.flatMap((part, i) => (i % 2 ? [] : [[part, parts[i + 1]!.trim()]]));
  return Object.fromEntries(pairs) as Record<string, string>;
}

describe('the accessibility tree', () => {
  const pages = {} as Record<Pointer, Page>;
  const seen: Record<string, string> = {};
  const known = IS_NEW ? {} : reviewed();
  let browser: Browser;
  let site: OwnPage;

  before(async () => {
    [browser, site] = await Promise.all([launchChromium(), startGallery()]);
    for (const [pointer, options] of Object.entries(POINTERS)) {
      const page = await browser.newPage(options);
      await page.goto(site.origin);
      pages[pointer as Pointer] = page;
    }
  });

  after(async () => {
    await browser?.close();
    await site?.close();
    if (!IS_NEW) return;
    mkdirSync(path.dirname(FILE), { recursive: true });
    const text = Object.entries(seen).map(([key, trees]) => `=== ${key}\n\n${trees}\n`);
    writeFileSync(FILE, text.join('\n'));
  });

  async function treeOf(key: StateKey, pointer: Pointer, presentation: Presentation) {
    const page = pages[pointer];
    await show(page, key, { presentation });
    await page.evaluate(hideInert);
    const what = presentation === 'dialog' ? 'dialog' : '#place';
    return page.locator(what).ariaSnapshot();
  }

  /** In each presentation; with a finger only where that makes a difference. */
  async function treesOf(key: StateKey): Promise<string> {
    const trees: string[] = [];
    for (const presentation of PRESENTATIONS) {
      let last = '';
      for (const pointer of Object.keys(POINTERS) as Pointer[]) {
        if (!keysFor(pointer, presentation).includes(key)) continue;
        const tree = await treeOf(key, pointer, presentation);
        if (tree !== last) trees.push(`${presentation}, ${pointer}:\n${indented(tree)}`);
        last = tree;
      }
    }
    return trees.join('\n');
  }

  for (const key of STATE_KEYS) {
    it(`is as reviewed: ${key}`, async () => {
      seen[key] = await treesOf(key);
      assert.equal(seen[key], IS_NEW ? seen[key] : known[key]);
    });
  }

  it('is reviewed in no state that is gone', () => {
    const gone = Object.keys(known).filter((key) => !(STATE_KEYS as string[]).includes(key));
    assert.deepEqual(gone, []);
  });
});

/** In the page. Browsers leave out what is inert; Playwright's tree has it. */
function hideInert(): void {
  const root = document.querySelector('didit-verify')!.shadowRoot!;
  for (const each of root.querySelectorAll('[inert]')) each.ariaHidden = 'true';
}

function indented(text: string): string {
  return text.replace(/^/gm, '  ');
}
