import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { PNG } from 'pngjs';
import { installedEngines, type Engine, type EnginePage } from './engines.js';

const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; require-trusted-types-for 'script'";

for (const { name, canForceColors, launch } of installedEngines()) {
  describe(`a page in ${name}`, { timeout: 60_000 }, () => {
    let server: Server;
    let origin: string;
    let engine: Engine;
    let page: EnginePage;

    before(async () => {
      engine = await launch();
      server = createServer((_request, response) => {
        response.setHeader('Content-Type', 'text/html');
        response.setHeader('Content-Security-Policy', POLICY);
        response.end('<!doctype html><title>Here</title><link rel="icon" href="data:,">');
      }).listen(0, '127.0.0.1');
      await once(server, 'listening');
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      page = await engine.newPage({ width: 600, height: 700 });
      await page.goto(`${origin}/first`);
    });

    after(async () => {
      await engine?.close();
      server?.close();
      server?.closeAllConnections();
    });

    it('has gone where it was sent, under the page’s strict policy', async () => {
      const there = await page.evaluate(() => [location.href, document.readyState, document.title]);
      assert.deepEqual(there, [`${origin}/first`, 'complete', 'Here']);
    });

    it('passes an argument, and awaits the result', async () => {
      const given = { text: '„ ' + '\u2028 `${x}` </script>', list: [1, null, { deep: true }] };
      const echoed = await page.evaluate(async (arg: typeof given) => {
        await new Promise((resolve) => setTimeout(resolve, 10));
        return { arg, at: location.pathname };
      }, given);
      assert.deepEqual(echoed, { arg: given, at: '/first' });
    });

    it('gives nothing as undefined, and null as null', async () => {
      assert.equal(await page.evaluate(() => undefined), undefined);
      assert.equal(await page.evaluate(() => null), null);
      assert.equal(await page.evaluate((arg) => arg === undefined), true);
    });

    it('takes functions that have others in them', async () => {
      const sum = await page.evaluate(
        (numbers: number[]) => {
          function add(a: number, b: number) {
            return a + b;
          }
          const double = (number: number) => number * 2;
          class Sum {
            readonly of = numbers.reduce(add, 0);
          }
          return double(new Sum().of);
        },
        [1, 2, 3],
      );
      assert.equal(sum, 12);
    });

    it('runs in the page’s own world, and leaves its state there', async () => {
      await page.evaluate(() => void Object.assign(globalThis, { kept: 'kept' }));
      assert.equal(await page.evaluate(() => (globalThis as { kept?: string }).kept), 'kept');
    });

    it('rejects with what the function throws', async () => {
      const thrown = page.evaluate(() => {
        throw new TypeError('Not like this');
      });
      await assert.rejects(thrown, { name: 'TypeError', message: 'Not like this' });
      const rejected = page.evaluate(() => Promise.reject(new DOMException('Gone', 'AbortError')));
      await assert.rejects(rejected, { name: 'AbortError', message: 'Gone' });
      const bare = page.evaluate(() => {
        // eslint-disable-next-line @typescript-eslint/only-throw-error
        throw 'a word';
      });
      await assert.rejects(bare, { name: 'Error', message: 'a word' });
    });

    it('rejects where the result is not JSON', async () => {
      await assert.rejects(
        page.evaluate(() => 1n),
        { name: 'TypeError' },
      );
    });

    it('answers while an earlier call waits', async () => {
      const told = page.evaluate(async () => {
        const event = await new Promise<Event>((resolve) => addEventListener('tell', resolve));
        return (event as CustomEvent<string>).detail;
      });
      await page.evaluate(() => dispatchEvent(new CustomEvent('tell', { detail: 'now' })));
      assert.equal(await told, 'now');
    });

    it('starts calls in their order', async () => {
      const letters = 'abcdefghij'.split('');
      const calls = letters.map((letter) =>
        page.evaluate((each) => {
          document.body.append(each);
          return each;
        }, letter),
      );
      assert.deepEqual(await Promise.all(calls), letters);
      assert.equal(await page.evaluate(() => document.body.textContent), letters.join(''));
    });

    it('waits for what the page does by itself', async () => {
      await page.evaluate(() => void setTimeout(() => (document.title = 'Changed'), 200));
      await page.waitFor((title) => document.title === title, 'Changed');
      assert.equal(await page.evaluate(() => document.title), 'Changed');
    });

    it('waits for a page that goes elsewhere', async () => {
      // By what is waited for itself: a call of its own could be cut off by the page's going.
      await page.waitFor(() => {
        const isThere = location.pathname === '/second';
        if (!isThere) location.assign('/second');
        return isThere;
      });
    });

    it('tires of waiting, and says for what', async () => {
      await assert.rejects(
        page.waitFor(() => document.title === 'Never', undefined, 200),
        /^Error: Not so after 200 ms: .*document\.title ?=== ?.Never/,
      );
      await assert.rejects(
        page.waitFor(() => new Promise(() => {}), undefined, 200),
        /Not so after 200 ms/,
      );
    });

    it('does not wait where the function throws', async () => {
      const broken = page.waitFor(() => {
        throw new RangeError('Broken');
      });
      await assert.rejects(broken, { name: 'RangeError', message: 'Broken' });
    });

    it('keeps its session’s storage when it is loaded anew', async () => {
      await page.evaluate(() => {
        sessionStorage.setItem('mark', 'kept');
        Object.assign(globalThis, { mark: 'lost' });
      });
      await page.reload();
      const marks = await page.evaluate(() => [
        sessionStorage.getItem('mark'),
        (globalThis as { mark?: string }).mark ?? null,
      ]);
      assert.deepEqual(marks, ['kept', null]);
    });

    it('has the size that was asked for, in screenshots too', async () => {
      const size = await page.evaluate(() => [innerWidth, innerHeight]);
      assert.deepEqual(size, [600, 700]);
      await page.evaluate(() => (document.documentElement.style.background = 'rgb(0, 128, 255)'));
      const { width, height, data } = PNG.sync.read(await page.screenshot());
      assert.deepEqual([width, height], [600, 700]);
      assert.deepEqual([...data.subarray(0, 3)], [0, 128, 255]);
    });

    it('opens a second page that shares nothing, and hides neither', async () => {
      const second = await engine.newPage({ width: 390, height: 844 });
      await second.goto(origin);
      await page.evaluate(() => {
        localStorage.setItem('whose', 'first');
        document.cookie = 'whose=first';
      });
      const seen = await second.evaluate(() => [localStorage.getItem('whose'), document.cookie]);
      assert.deepEqual(seen, [null, '']);
      for (const each of [page, second]) {
        assert.equal(await each.evaluate(() => document.visibilityState), 'visible');
        await each.evaluate(() => new Promise(requestAnimationFrame));
      }
      const [width, height] = await second.evaluate(() => [innerWidth, innerHeight]);
      assert.equal(height, 844);
      if (name === 'WebKitGTK') assert.ok(width >= 390 && width < 500);
      else assert.equal(width, 390);
      await second.close();
      await assert.rejects(second.evaluate(() => 1));
      assert.equal(await page.evaluate(() => location.pathname), '/second');
    });

    it('says when no server answers', async () => {
      const lost = await engine.newPage();
      const gone = createServer().listen(0, '127.0.0.1');
      await once(gone, 'listening');
      const { port } = gone.address() as AddressInfo;
      await new Promise((resolve) => gone.close(resolve));
      await lost.goto(origin);
      await assert.rejects(lost.goto(`http://127.0.0.1:${port}/`), new RegExp(String(port)));
      await lost.close();
    });

    it('has 1280 by 720 at ratio 1 unless told otherwise', async () => {
      const plain = await engine.newPage();
      const had = await plain.evaluate(() => [innerWidth, innerHeight, devicePixelRatio]);
      assert.deepEqual(had, [1280, 720, 1]);
      assert.equal(await plain.evaluate(areColorsForced), false);
      await plain.close();
    });

    for (const deviceScaleFactor of [2, 3]) {
      it(`draws ${deviceScaleFactor} device pixels a CSS pixel, none of them by stretching`, async () => {
        const sharp = await engine.newPage({ width: 500, height: 400, deviceScaleFactor });
        await sharp.goto(origin);
        const seen = await sharp.evaluate(
          (ratio) => [
            matchMedia(`(resolution: ${ratio}dppx)`).matches,
            devicePixelRatio,
            innerWidth,
            innerHeight,
          ],
          deviceScaleFactor,
        );
        assert.deepEqual(seen, [true, deviceScaleFactor, 500, 400]);
        await sharp.evaluate((ratio) => {
          document.documentElement.style.background = `linear-gradient(90deg,
            #000 0 ${1 / ratio}px, #fff ${1 / ratio}px)`;
        }, deviceScaleFactor);
        const { width, height, data } = PNG.sync.read(await sharp.screenshot());
        assert.deepEqual([width, height], [500 * deviceScaleFactor, 400 * deviceScaleFactor]);
        assert.deepEqual([data[0], data[4]], [0, 255]);
        const part = PNG.sync.read(await sharp.screenshot({ x: 0, y: 300, width: 20, height: 10 }));
        const size = [20 * deviceScaleFactor, 10 * deviceScaleFactor];
        assert.deepEqual([part.width, part.height], size);
        assert.deepEqual([part.data[0], part.data[4]], [0, 255]);
        await sharp.close();
      });
    }

    it('forces colours where it can, and says where it cannot', async () => {
      const options = { width: 500, height: 400, forcedColors: true };
      if (!canForceColors) {
        await assert.rejects(engine.newPage(options), /has no forced colours/);
        // Else it has learned it, and should be tested in them.
        assert.equal(await page.evaluate(() => CSS.supports('forced-color-adjust: none')), false);
        return;
      }
      const forced = await engine.newPage(options);
      await forced.goto(origin);
      assert.equal(await forced.evaluate(areColorsForced), true);
      assert.equal(await page.evaluate(areColorsForced), false);
      await forced.evaluate(() => {
        const { style } = document.documentElement;
        style.background = 'rgb(0, 128, 255)';
        document.body.style.cssText = `margin: 0 0 0 50px; height: 100px; background: rgb(0, 128, 255);
          forced-color-adjust: none`;
      });
      const { width, data } = PNG.sync.read(await forced.screenshot());
      const colorAt = (x: number) => [...data.subarray(4 * (width + x), 4 * (width + x) + 3)];
      assert.deepEqual(
        [colorAt(25), colorAt(100)],
        [
          [0, 0, 0],
          [0, 128, 255],
        ],
      );
      await forced.close();
    });
  });
}

function areColorsForced(): boolean {
  return matchMedia('(forced-colors: active)').matches;
}
