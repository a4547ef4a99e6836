import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import german from '../../src/locales/de.js';
import { english } from '../../src/strings.js';
import { startCdn, unpacked, type Cdn, type CdnName } from './cdn.js';
import { installedEngines, type Engine, type EnginePage } from './engines.js';
import { html, LISTENING, startPage, type OwnPage } from './own-page.js';

const SESSION = '/session';
const ELEMENT = `<didit-verify resolver-url="${SESSION}"></didit-verify>`;
const STATUS = '/status';
const ANSWER = { session_id: '1', url: 'https://app.didit.me/authorize/1' };
/** Where a CDN has the package. */
const BASES: Record<CdnName, string> = { jsDelivr: '/npm/didit-verify', unpkg: '/didit-verify' };

/** Didit's words, by the states whose looks are compared. */
const LOOKED_AT = { ready: 'Not Started', 'in-progress': 'In Progress', approved: 'Approved' };

declare global {
  /** How often a file was refused, or could not be had. */
  var refusals: number;
}

/** Counts what does not load, which is told to the element that loads it. */
const COUNTING = `<script>
  refusals = 0;
  addEventListener('error', ({ target }) => { if (target !== window) refusals++; }, true);
</script>`;

for (const { name, launch } of installedEngines()) {
  describe(`from a CDN, in ${name}`, { timeout: 400_000 }, () => {
    const pack = unpacked();
    const { version } = read('package.json') as { version: string };
    const integrity = read('dist/integrity.json') as Record<string, string>;
    let engine: Engine;
    let page: EnginePage;
    let site: OwnPage;
    let markup = '';
    /** Idempotency keys of the sessions that were asked for. */
    let keys: string[] = [];
    let sessionAnswer: Promise<unknown>;
    let answered: object = ANSWER;
    let status = 'Approved';
    const cdns = new Map<CdnName, Cdn>();

    function read(file: string): unknown {
      return JSON.parse(readFileSync(path.join(pack.folder, file), 'utf8'));
    }

    before(async () => {
      engine = await launch();
      page = await engine.newPage();
      for (const cdn of Object.keys(BASES) as CdnName[]) {
        cdns.set(cdn, await startCdn(cdn, pack.folder));
      }
      site = await startPage((asked, { headers }) => {
        if (asked === STATUS) return json({ status });
        if (asked !== SESSION) return html(markup);
        keys.push(String(headers['idempotency-key']));
        return sessionAnswer.then(() => json(answered));
      });
    });

    after(async () => {
      await engine?.close();
      await Promise.all([site, ...cdns.values()].map((each) => each?.close()));
      pack.remove();
    });

    beforeEach(() => {
      sessionAnswer = Promise.resolve();
      answered = ANSWER;
      status = 'Approved';
      for (const cdn of cdns.values()) {
        cdn.asked.length = 0;
        cdn.change = () => undefined;
      }
    });

    /** Opens a page that loads the element in such a way, in which CDN stands for its address. */
    async function open(cdn: CdnName, head: string, lang = 'en'): Promise<void> {
      keys = [];
      const ours = head.includes('<didit-verify') ? '' : ELEMENT;
      const address = cdns.get(cdn)!.origin + BASES[cdn];
      markup = `${LISTENING}${COUNTING}${head.replaceAll('CDN', address)}
        <body lang="${lang}">${ours}`;
      await page.goto(site.origin);
    }

    async function assertShowsCode(words = english): Promise<void> {
      await page.waitFor(isReadyWith, words.heading);
      assert.deepEqual(await page.evaluate(() => [said, refusals]), [[], 0]);
      assert.equal(keys.length, 1);
    }

    for (const cdn of Object.keys(BASES) as CdnName[]) {
      for (const range of [`@${version.split('.')[0]!}`, `@${version}`, '@latest', '']) {
        for (const type of ['', ' type="module"']) {
          const tag = `<script${type} src="CDN${range}"></script>`;
          it(`${cdn} has the single file, and words beside it: ${tag}`, async () => {
            await open(cdn, tag, 'de');
            await assertShowsCode(german);
          });
        }
      }

      for (const file of ['didit-verify.min.js', 'didit-verify.esm.js', 'didit-verify.split.js']) {
        it(`${cdn} has ${file}, which is what its digest says`, async () => {
          await open(cdn, checked(file), 'de');
          await assertShowsCode(german);
        });

        it(`${cdn}: a ${file} that was altered is refused`, async () => {
          alter(cdn, file);
          await open(cdn, checked(file));
          await page.waitFor(() => refusals === 1);
          assert.equal(
            await page.evaluate(() => typeof customElements.get('didit-verify')),
            'undefined',
          );
        });
      }
    }

    describe('in pieces', () => {
      const split = checked('didit-verify.split.js');
      const checkedPieces = importMap('session-parts.js', 'locales/de.js') + split;
      const encoder = `${BASES.jsDelivr}@${version}/dist/session-parts.js`;
      let shared: EnginePage;

      // A page of before would have kept what it preloaded, in WebKitGTK beyond its end.
      beforeEach(async () => {
        shared = page;
        page = await engine.newPage();
      });

      afterEach(async () => {
        await page.close();
        page = shared;
      });

      it('loads the encoder while the session is asked for, and not before', async () => {
        const cdn = cdns.get('jsDelivr')!;
        // Not answered before: an encoder that waits for the answer would never be loaded.
        sessionAnswer = new Promise<void>((answer) => {
          cdn.change = (asked) => {
            if (asked === encoder) answer();
            return undefined;
          };
        });
        await open('jsDelivr', `${split}<didit-verify manual></didit-verify>`);
        await page.waitFor(() => document.querySelector('didit-verify')?.state === 'idle');
        await page.evaluate(() => new Promise(requestAnimationFrame));
        assert.ok(!cdn.asked.includes(encoder));
        await page.evaluate((url) => {
          document.querySelector('didit-verify')!.resolverUrl = url;
          void document.querySelector('didit-verify')!.start();
        }, SESSION);
        await page.waitFor(isReady);
        assert.equal(cdn.asked.filter((asked) => asked === encoder).length, 1);
      });

      it('asks for the session before the second file is there, and needs no third', async () => {
        const cdn = cdns.get('jsDelivr')!;
        const sessionAsked = async () => {
          while (!keys.length) await new Promise((done) => setTimeout(done, 10));
          return undefined;
        };
        cdn.change = (asked) =>
          asked === encoder ? sessionAsked().then(() => fileOf('session-parts.js')) : undefined;
        await open('jsDelivr', split);
        await assertShowsCode();
        const first = `${BASES.jsDelivr}@${version}/dist/didit-verify.split.js`;
        assert.deepEqual(cdn.asked, [first, encoder]);
      });

      it('follows the session, and finds it again after a reload', async () => {
        answered = { ...ANSWER, expires_in: 600 };
        await open('jsDelivr', split);
        await assertShowsCode();
        answered = { ...ANSWER, session_id: '2' };
        await page.reload();
        await page.waitFor(isReady);
        assert.equal(await page.evaluate(sessionId), '1');
        answered = { ...ANSWER, session_id: '3', status_url: STATUS };
        await page.evaluate(() => {
          document.querySelector('didit-verify')!.pollInterval = 100;
          void document.querySelector('didit-verify')!.restart();
        });
        await page.waitFor(() => document.querySelector('didit-verify')?.state === 'approved');
        assert.equal(await page.evaluate(sessionId), '3');
      });

      it('takes up what is kept where nothing starts by itself, and else loads nothing', async () => {
        const cdn = cdns.get('jsDelivr')!;
        answered = { ...ANSWER, expires_in: 600 };
        await open('jsDelivr', split);
        await assertShowsCode();
        cdn.asked.length = 0;
        const manual = (scope: string) =>
          `${split}<didit-verify manual resolver-url="${SESSION}" scope="${scope}"></didit-verify>`;
        await open('jsDelivr', manual('names'));
        await page.waitFor(() => document.querySelector('didit-verify')?.state === 'idle');
        await page.evaluate(() => new Promise(requestAnimationFrame));
        assert.equal(await page.evaluate(stateNow), 'idle');
        assert.ok(!cdn.asked.includes(encoder));
        await open('jsDelivr', manual('').replace(' scope=""', ''));
        await page.waitFor(isReady);
        assert.equal(await page.evaluate(sessionId), '1');
        assert.deepEqual(keys, []);
      });

      it('needs no second file to fail, and to be given up', async () => {
        await open('jsDelivr', `${split}<didit-verify manual></didit-verify>`);
        await page.waitFor(() => document.querySelector('didit-verify')?.state === 'idle');
        const told = await page.evaluate(async () => {
          const element = document.querySelector('didit-verify')!;
          const errors: string[] = [];
          element.addEventListener('error', ({ detail }) => errors.push(detail.code));
          const states = [await element.start(), await element.cancel(), await element.restart()];
          element.formResetCallback();
          states.push(await element.cancel());
          element.remove();
          await new Promise((done) => setTimeout(done));
          return [...errors, ...states];
        });
        const error = 'resolver-missing';
        assert.deepEqual(told, [error, error, 'error', 'error', 'error', 'idle']);
        assert.ok(!cdns.get('jsDelivr')!.asked.includes(encoder));
      });

      for (const [state, word] of Object.entries(LOOKED_AT)) {
        it(`looks as the single file does: ${state}`, async () => {
          answered = { ...ANSWER, status_url: STATUS };
          status = word;
          const looks = [];
          for (const file of ['didit-verify.esm.js', 'didit-verify.split.js']) {
            await open('jsDelivr', checked(file));
            await page.waitFor(isIn, state);
            looks.push(await page.evaluate(lookOf));
          }
          assert.ok(looks[0]!.length > 10);
          assert.deepEqual(looks[1], looks[0]);
        });
      }

      it('looks so in another document, too', async (t) => {
        await open('jsDelivr', `${split}<didit-verify manual></didit-verify>`);
        await page.waitFor(isIn, 'idle');
        const isKept = await page.evaluate(startInFrame, SESSION);
        if (!isKept) return t.skip('takes the class from what moves into another document');
        await page.waitFor(
          () => frames[0]!.document.querySelector('didit-verify')?.state === 'ready',
        );
        assert.deepEqual(await page.evaluate(lookInFrame), ['grid', '8px', '0px']);
      });

      it('has the errors of either file', async () => {
        answered = { ...ANSWER, url: 'https://evil.example/' };
        await open('jsDelivr', split);
        await page.waitFor(() => document.querySelector('didit-verify')?.state === 'error');
        assert.equal((await page.evaluate(errorOf))?.code, 'unsafe-url');
        answered = [];
        assert.equal(await page.evaluate(startAgain), 'error');
        assert.equal((await page.evaluate(errorOf))?.code, 'invalid-response');
      });

      it('is what an import map’s digests say', async () => {
        await open('jsDelivr', checkedPieces, 'de');
        await assertShowsCode(german);
      });

      it('is ahead by a link that loads it with the page', async () => {
        const digest = integrity['dist/session-parts.js']!;
        const link = `<link rel="modulepreload" href="CDN@${version}/dist/session-parts.js"
          integrity="${digest}" crossorigin="anonymous">`;
        await open('jsDelivr', link + split);
        await assertShowsCode();
        assert.equal(cdns.get('jsDelivr')!.asked.filter((asked) => asked === encoder).length, 1);
      });

      it('has no code where the encoder was altered, and one session for both tries', async () => {
        alter('jsDelivr', 'session-parts.js');
        await open('jsDelivr', checkedPieces);
        await page.waitFor(() => document.querySelector('didit-verify')?.state === 'error');
        const { code, retryable } = (await page.evaluate(errorOf))!;
        assert.deepEqual([code, retryable], ['qr-failed', true]);
        assert.equal(await page.evaluate(startAgain), 'error');
        // The first create may still be under way.
        while (keys.length < 2) await page.evaluate(() => new Promise(requestAnimationFrame));
        assert.equal(new Set(keys).size, 1);
      });

      it('has English words where those of the page were altered', async () => {
        alter('jsDelivr', 'locales/de.js');
        await open('jsDelivr', checkedPieces, 'de');
        await page.waitFor(isReadyWith, english.heading);
      });

      it('goes on by a press once the encoder can be had', async () => {
        const cdn = cdns.get('jsDelivr')!;
        cdn.change = (asked) => (asked === encoder ? { status: 503 } : undefined);
        await open('jsDelivr', split);
        await page.waitFor(() => document.querySelector('didit-verify')?.state === 'error');
        cdn.change = () => undefined;
        // Firefox remembers what could not be had as long as the page lives.
        if (name === 'Firefox') await page.reload();
        else await page.evaluate(startAgain);
        await page.waitFor(isReady);
        if (name !== 'Firefox') assert.equal(new Set(keys).size, 1);
      });
    });

    function importMap(...files: string[]): string {
      const entries = files.map((file) => [
        `CDN@${version}/dist/${file}`,
        integrity[`dist/${file}`],
      ]);
      const map = JSON.stringify({ integrity: Object.fromEntries(entries) as unknown });
      return `<script type="importmap">${map}</script>`;
    }

    /** A file by its full path, with its digest. */
    function checked(file: string): string {
      const type = file.includes('.min.') ? '' : ' type="module"';
      const digest = integrity[`dist/${file}`]!;
      const src = `CDN@${version}/dist/${file}`;
      return `<script${type} src="${src}" integrity="${digest}" crossorigin="anonymous"></script>`;
    }

    /** From now on the CDN has a file with one comment more. */
    function alter(name: CdnName, file: string): void {
      const cdn = cdns.get(name)!;
      cdn.change = (asked) =>
        asked.endsWith(`/${file}`)
          ? { ...fileOf(file), body: `${fileOf(file).body}/**/` }
          : undefined;
    }

    function fileOf(file: string) {
      const headers = {
        'Access-Control-Allow-Origin': '*',
        'Content-Type': 'text/javascript; charset=utf-8',
      };
      return { headers, body: readFileSync(path.join(pack.folder, 'dist', file), 'utf8') };
    }
  });
}

function isReady(): boolean {
  return document.querySelector('didit-verify')?.state === 'ready';
}

function isIn(state: string): boolean {
  return document.querySelector('didit-verify')?.state === state;
}

/** All that is drawn, and each of its computed styles, without what moves. */
async function lookOf(): Promise<string[]> {
  const target = document.querySelector('didit-verify')!;
  await target.updateComplete;
  const root = target.shadowRoot!;
  for (const animation of root.getAnimations()) animation.cancel();
  return Array.from(root.querySelectorAll('*'), (node) => {
    const style = getComputedStyle(node);
    const values = Array.from(style, (name) => `${name}: ${style.getPropertyValue(name)}`);
    return [node.outerHTML.split('>')[0], ...values].join('; ');
  });
}

/** Whether an element is still one in the document of a frame, where it is then started. */
function startInFrame(url: string): boolean {
  document.body.append(document.createElement('iframe'));
  const target = document.createElement('didit-verify');
  frames[0]!.document.body.append(target);
  if (target.state !== 'idle') return false;
  target.resolverUrl = url;
  return true;
}

/** What the element's first styles say, and two that come with the code. */
function lookInFrame(): string[] {
  const root = frames[0]!.document.querySelector('didit-verify')!.shadowRoot!;
  const look = (selector: string) => frames[0]!.getComputedStyle(root.querySelector(selector)!);
  const { display } = look('.base');
  return [display, look('.code').borderTopLeftRadius, look('.square').paddingTop];
}

function json(answer: object) {
  return { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(answer) };
}

function sessionId() {
  return document.querySelector('didit-verify')!.session?.sessionId;
}

function stateNow() {
  return document.querySelector('didit-verify')!.state;
}

function startAgain() {
  return document.querySelector('didit-verify')!.start();
}

function errorOf() {
  return document.querySelector('didit-verify')!.error;
}

function isReadyWith(heading: string): boolean {
  const { state, shadowRoot } = document.querySelector('didit-verify')!;
  const shown = shadowRoot?.querySelector('.heading')?.textContent.trim();
  return state === 'ready' && shown === heading && Boolean(shadowRoot!.querySelector('svg path'));
}
