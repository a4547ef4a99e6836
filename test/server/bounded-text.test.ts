import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readText } from '../../src/server/bounded-text.js';

function streamOf(...chunks: Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe('readText', () => {
  it('takes no body as an empty one', async () => {
    assert.equal(await readText(new Response(null), 10), '');
  });

  it('joins the chunks, also where one ends inside a letter', async () => {
    const [first, second] = [bytes('Zoë').subarray(0, 3), bytes('Zoë!').subarray(3)];
    assert.equal(await readText(new Response(streamOf(first, second)), 10), 'Zoë!');
  });

  it('marks a letter that is cut off at the end', async () => {
    assert.equal(
      await readText(new Response(streamOf(bytes('Zoë').subarray(0, 3))), 10),
      'Zo\ufffd',
    );
  });

  it('counts bytes, up to and with the last', async () => {
    assert.equal(await readText(new Response(streamOf(bytes('ë'.repeat(5)))), 10), 'ëëëëë');
    assert.equal(
      await readText(new Response(streamOf(bytes('ë'.repeat(5)), bytes('!'))), 10),
      null,
    );
  });

  it('stops an endless body, without cancelling it', async () => {
    let pulls = 0;
    let cancelled = false;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => (pulls++, controller.enqueue(new Uint8Array(10))),
      cancel: () => void (cancelled = true),
    });
    assert.equal(await readText(new Response(endless), 100), null);
    assert.ok(pulls < 20);
    assert.equal(cancelled, false);
    assert.equal(endless.locked, false);
  });

  it('rejects where the body breaks', async () => {
    const broken = new ReadableStream<Uint8Array>({ start: (c) => c.error(new Error('reset')) });
    await assert.rejects(readText(new Response(broken), 10), /reset/);
  });

  it('takes a text whose length is told, and holds it to its bytes', async () => {
    const read = (text: string, told: number, headers = {}) =>
      readText(new Response(text, { headers: { 'Content-Length': `${told}`, ...headers } }), 10);
    assert.equal(await read('ë'.repeat(5), 10), 'ëëëëë');
    assert.equal(await read('a', 11), null);
    // Nothing but a server that does not hold to it lets these through.
    assert.equal(await read('ë'.repeat(6), 10), null);
    assert.equal(await read('x'.repeat(11), 3), null);
    assert.equal(await read('x'.repeat(10), 3), 'xxxxxxxxxx');
  });

  it('counts what a packed body was before', async () => {
    const headers = { 'Content-Length': '3', 'Content-Encoding': 'gzip' };
    const { body } = new Response('x'.repeat(11));
    assert.equal(await readText(new Response(body, { headers }), 10), null);
  });
});
