import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { english } from '../../src/strings.js';
import { installedEngines, type Engine, type EnginePage } from './engines.js';
import { corpora, payloads, share } from './hostile-corpus.js';
import * as inPage from './hostile-page.js';
import { PLACES } from './hostile-places.js';
import { startHostileSite, type HostileSite } from './hostile-site.js';
import { URLS } from './hostile-urls.js';

const KEYS = Object.keys(english);

/** Shown as `loading` and all errors are, but not made to happen here; the second is not shown at all. */
const UNSHOWN = ['checking', 'status-unavailable', 'qr-failed'];

/** What the watch must note of attacks that get through. */
const NOTED = [
  'ran alert()',
  'ran confirm()',
  'threw ',
  'rejected Error: unheard',
  'fetched https://evil.example/',
  'against img-src: https://127.0.0.1:1',
  'loaded <img src="https://127.0.0.1:1/elsewhere">',
  'attack: looks like ',
  'attack: leads to javascript:alert(1)',
  'attack: is parsed',
];

/** Other words for every key, so that each payload is in several, and each key has many. */
const rounds = Array.from({ length: Math.ceil(payloads.length / 16) }, (_, round) => {
  const textOf = (index: number) => payloads[(round * 16 + index) % payloads.length]!;
  return Object.fromEntries(KEYS.map((key, index) => [key, `${key}: ${textOf(index)}`]));
});

describe('the published corpus', () => {
  it('says where it is from, and under which licence', () => {
    for (const { source, licence, copyright } of corpora) {
      assert.match(source, /^https:\/\/github\.com\//);
      assert.match(licence, /MIT|BSD|Mozilla Public License/);
      assert.match(copyright, /\w{3} \w/);
    }
  });

  it('has some hundreds of payloads', () => {
    assert.ok(payloads.length >= 800, String(payloads.length));
  });
});

/**
 * Every payload is in a word, in a stream of events, on the sandbox's page, and in one of a backend's
 * answers; in Chromium in all other places, too, in the others in a twentieth of them.
 */
for (const { name, launch } of installedEngines()) {
  const parts = name === 'Chromium' ? 1 : 20;
  const numbers = payloads.map((_, number) => number);

  describe(`hostile input, in ${name}`, { timeout: 600_000 }, () => {
    let engine: Engine;
    let page: EnginePage;
    let site: HostileSite;

    before(async () => {
      engine = await launch();
      site = await startHostileSite();
      page = await engine.newPage();
      await page.goto(`${site.origin}/`);
      await page.evaluate(inPage.learnShapes);
    });

    after(async () => {
      await engine?.close();
      await site?.close();
    });

    /** Nothing has run, nothing was asked for, and no tag looked or led otherwise. */
    async function assertUnharmed(): Promise<void> {
      const noted = await page.evaluate(() => watch.noted.splice(0));
      assert.deepEqual(noted.slice(0, 5), []);
      assert.deepEqual(site.strange.splice(0), []);
    }

    const some = (place: number) => share(parts, place % parts);

    it('is watched for: what gets through is noted', async () => {
      await page.evaluate(inPage.attack);
      const isNoted = (expected: string[]) =>
        expected.every((start) => watch.noted.some((what) => what.startsWith(start)));
      await page.waitFor(isNoted, NOTED).catch(async (cause: unknown) => {
        const noted = await page.evaluate(() => watch.noted);
        throw new Error(`Only this was noted: ${noted.join('\n')}`, { cause });
      });
      assert.ok(site.strange.includes('GET /stolen'));
      await page.evaluate(() => document.querySelector('#attack')!.remove());
      // What came late would be taken for a finding.
      await page.goto(`${site.origin}/`);
      await page.evaluate(inPage.learnShapes);
      site.strange.length = 0;
    });

    it(`${Object.keys(URLS).length} addresses: none that is not Didit’s is shown`, async () => {
      const expected = Object.entries(URLS).map(([what, [, shown]]) => [what, shown]);
      const shown = await page.evaluate(inPage.showUrls, URLS);
      assert.deepEqual(shown, Object.fromEntries(expected));
      await assertUnharmed();
    });

    for (const [index, place] of Object.keys(PLACES).entries()) {
      it(`what a backend answers: ${place}`, async () => {
        const own = numbers.filter((number) => number % Object.keys(PLACES).length === index);
        const others = numbers.filter((number) => number % parts === index % parts);
        for (const [asked, given] of [
          ['backend', own],
          ['function', others],
        ] as const) {
          const states = await page.evaluate(inPage.fillAnswers, { place, numbers: given, asked });
          assert.equal((states.ready ?? 0) + (states.error ?? 0), given.length, asked);
        }
        await assertUnharmed();
      });
    }

    it('what a stream of events says is told, and nothing else', async () => {
      const heard = await page.evaluate(inPage.hearStream);
      assert.deepEqual(heard, [...payloads.filter((text) => text.trim()), 'retrieved']);
      await assertUnharmed();
    });

    it('and so is what is polled', async () => {
      const texts = some(0);
      const heard = await page.evaluate(inPage.hearPolls, texts);
      assert.deepEqual(heard.sort(), texts.filter((text) => text.trim()).sort());
      await assertUnharmed();
    });

    it('words are text, whatever is in them', async () => {
      const keys = new Set<string>();
      const texts = new Set<string>();
      for (const isTouch of [false, true]) {
        await page.evaluate(inPage.everyState, isTouch);
        const shown = await page.evaluate(inPage.replaceWords, rounds);
        for (const key of shown.keys) keys.add(key);
        for (const text of shown.texts) texts.add(text);
        await page.evaluate(() => document.querySelector('form')!.remove());
      }
      assert.deepEqual(
        KEYS.filter((key) => !keys.has(key)),
        UNSHOWN,
      );
      const seen = new Set([...texts].map((text) => text.slice(text.indexOf(': ') + 2)));
      assert.deepEqual(
        payloads.filter((text) => !seen.has(text)),
        [],
      );
      await assertUnharmed();
    });

    it('attributes, on it and around it, and what is in its slots', async () => {
      await page.evaluate(inPage.fillAttributes, some(1));
      await assertUnharmed();
    });

    it('resolver-url and status-url lead where they say, or nowhere', async () => {
      await page.evaluate(inPage.fillAddresses, some(2));
      await assertUnharmed();
    });

    it('what somebody has stored', async () => {
      await page.evaluate(inPage.fillStorage, some(3));
      await assertUnharmed();
    });

    it('the value in a form, and what events tell', async () => {
      await page.evaluate(inPage.fillForm, some(4));
      await assertUnharmed();
    });

    it('custom properties fetch nothing', async () => {
      await page.evaluate(inPage.fillStyles, some(5));
      await assertUnharmed();
    });

    for (const status of ['retrieved', 'In Progress', 'confirmed', 'expired']) {
      it(`the sandbox’s page for the phone: ${status}`, async () => {
        await page.goto(`${site.origin}/phone?${status}-plain`);
        const plain = await page.evaluate(inPage.kindsOfElements);
        await page.goto(`${site.origin}/phone?${status}-hostile`);
        const hostile = await page.evaluate(inPage.kindsOfElements);
        assert.deepEqual([hostile.kinds, hostile.links], [plain.kinds, plain.links]);
        const isShown = (text: string) => hostile.text.includes(text.replace(/\r\n?/g, '\n'));
        assert.deepEqual(
          payloads.filter((text) => !isShown(text) && !/[\0\ud800-\udfff]/.test(text)),
          [],
        );
        await assertUnharmed();
      });
    }
  });
}
