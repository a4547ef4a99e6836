import fc, { type Arbitrary } from 'fast-check';
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { EventStreamParser, type StreamMessage } from '../../src/event-stream-parser.js';
import { hostileText } from './hostile.js';
import { property } from './property.js';

interface Read {
  readonly messages: readonly StreamMessage[];
  readonly retry: number | null;
}

/** What a stream is made of, broken ones too. */
const piece: Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    ...[
      'data',
      'event',
      'retry',
      'id',
      'Data',
      'data ',
      ':',
      ': ',
      '::',
      ' ',
      '\t',
      '\0',
      '\ufeff',
    ],
    ...['\n', '\r', '\r\n', '\n\n', '\r\r', '\r\n\r\n', '\n\r', '\u2028', '\u0085', '\v', '\f'],
    ...['data: a\n\n', 'data:\n\n', 'data\n', 'event: status\n', 'retry: 500\n', 'retry: x\n'],
    ...['data: {"status":"In Progress"}\n\n', ': heartbeat\n\n', '😀', 'é', '0', '17'],
  ),
  hostileText.map((text) => text.slice(0, 200)),
);

/** Lines as servers write them, and nearly so. */
const line = fc
  .tuple(
    fc.constantFrom('data', 'data', 'data', 'event', 'retry', 'id', '', 'dat'),
    fc.constantFrom(': ', ':', '', ':  ', ' :', '::'),
    fc.constantFrom('', 'a', 'b', ' c ', '7', '{"status":"Approved"}', '\ufeff'),
    fc.constantFrom('\n', '\r', '\r\n', '\n\n', '\r\r', '\r\n\r\n', '\n\r'),
  )
  .map((parts) => parts.join(''));
const stream = fc
  .array(fc.oneof(piece, line, line), { maxLength: 20 })
  .map((pieces) => pieces.join(''));

const bytes = fc.oneof(
  stream.map((text) => new TextEncoder().encode(text)),
  fc.uint8Array({ maxLength: 400 }),
  // Bytes that mean something, and some that are no UTF-8.
  fc
    .array(fc.constantFrom(...new TextEncoder().encode('data: \n\rév\ufeff'), 0xc3, 0xff, 0x80))
    .map((list) => Uint8Array.from(list)),
);

const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });

/** The whole in pieces, some of them empty. */
function inPieces(all: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = places.map((place) => Math.round(place * all.length)).sort((a, b) => a - b);
  return [...ends, all.length].map((end, index) => all.subarray(ends[index - 1] ?? 0, end));
}

function read(pieces: readonly Uint8Array[]): Read {
  const parser = new EventStreamParser();
  const decoder = new TextDecoder();
  const messages = pieces.flatMap((each) => parser.push(decoder.decode(each, { stream: true })));
  return { messages, retry: parser.retry };
}

/** WHATWG HTML, 9.2.6, as it is written there, of a whole that is there from the start. */
function byTheSpecification(text: string): Read {
  const messages: StreamMessage[] = [];
  let [data, event] = ['', ''];
  let retry: number | null = null;
  let rest = text;
  for (let end = /\r\n|\n|\r/.exec(rest); end; end = /\r\n|\n|\r/.exec(rest)) {
    const line = rest.slice(0, end.index);
    rest = rest.slice(end.index + end[0].length);
    if (line === '') {
      if (data !== '') messages.push({ event: event || 'message', data: data.slice(0, -1) });
      [data, event] = ['', ''];
      continue;
    }
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    let value = colon < 0 ? '' : line.slice(colon + 1);
    if (value.startsWith(' ')) value = value.slice(1);
    if (field === 'event') event = value;
    else if (field === 'data') data += `${value}\n`;
    else if (field === 'retry' && /^[0-9]+$/.test(value)) retry = Number(value);
  }
  return { messages, retry };
}

describe('EventStreamParser', () => {
  property('reads any bytes as the specification does', [bytes], (all) => {
    // Cut off within a character, there is nothing of it.
    const text = new TextDecoder().decode(all, { stream: true });
    assert.deepEqual(read([all]), byTheSpecification(text));
  });

  property('reads the same in whatever pieces it comes', [bytes, cuts], (all, places) => {
    assert.deepEqual(read(inPieces(all, places)), read([all]));
  });

  property('reads the same byte by byte', [bytes], (all) => {
    assert.deepEqual(read(Array.from(all, (byte) => Uint8Array.of(byte))), read([all]));
  });

  property(
    'gives what a server has sent, whatever it says',
    [
      fc.array(fc.tuple(fc.stringMatching(/^[a-z]{1,9}$/), fc.json()), { maxLength: 6 }),
      fc.constantFrom('\n', '\r', '\r\n'),
      cuts,
    ],
    (sent, end, places) => {
      const messages = sent.map(([event, data]) => ({ event, data }));
      const lines = messages.flatMap(({ event, data }) => [`event: ${event}`, `data: ${data}`, '']);
      const all = new TextEncoder().encode(lines.map((line) => line + end).join(''));
      assert.deepEqual(read(inPieces(all, places)).messages, messages);
    },
  );

  property(
    'keeps no more than it says, whatever never ends',
    [fc.array(piece, { minLength: 1, maxLength: 4 }), fc.constantFrom('', 'data:', ':')],
    (pieces, start) => {
      const parser = new EventStreamParser();
      const text =
        start +
        pieces
          .join('')
          .replace(/[\r\n]/g, '')
          .padEnd(9000, 'x');
      const most = 65_536;
      const push = () => {
        for (let sent = 0; sent <= most; sent += text.length) parser.push(text);
      };
      assert.throws(push, RangeError);
    },
  );
});
