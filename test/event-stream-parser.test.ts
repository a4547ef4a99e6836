import { expect } from '@open-wc/testing';
import { EventStreamParser, type StreamMessage } from '../src/event-stream-parser.js';

function read(...pieces: string[]): StreamMessage[] {
  const parser = new EventStreamParser();
  return pieces.flatMap((piece) => parser.push(piece));
}

function retryOf(text: string): number | null {
  const parser = new EventStreamParser();
  parser.push(text);
  return parser.retry;
}

const message = (data: string, event = 'message'): StreamMessage => ({ event, data });

/** Streams and their messages, the examples of WHATWG HTML, 9.2.6 among them. */
const STREAMS: [name: string, stream: string, messages: StreamMessage[]][] = [
  ['a message', 'data: a\n\n', [message('a')]],
  ['an event of its own name', 'event: status\ndata: a\n\n', [message('a', 'status')]],
  ['the name after the data', 'data: a\nevent: status\n\n', [message('a', 'status')]],
  ['the last of two names', 'event: x\nevent: status\ndata: a\n\n', [message('a', 'status')]],
  ['an empty name', 'event: x\nevent\ndata: a\n\n', [message('a')]],
  [
    'a name for one message alone',
    'event: x\ndata: a\n\ndata: b\n\n',
    [message('a', 'x'), message('b')],
  ],
  ['a name without data', 'event: x\n\ndata: b\n\n', [message('b')]],
  ['several lines of data', 'data: YHOO\ndata: +2\ndata: 10\n\n', [message('YHOO\n+2\n10')]],
  ['data without a colon', 'data\n\ndata\ndata\n\ndata:', [message(''), message('\n')]],
  ['one space after the colon', 'data:test\n\ndata: test\n\n', [message('test'), message('test')]],
  ['further spaces', 'data:  a \n\n', [message(' a ')]],
  ['a tab', 'data:\ta\n\n', [message('\ta')]],
  ['further colons', 'data: {"a":"b:c"}\n\n', [message('{"a":"b:c"}')]],
  ['comments', ': test stream\n\n:\n:data: x\ndata: a\n: b\n\n', [message('a')]],
  ['unknown fields', 'id: 1\nfoo\nDATA: x\n data: x\ndatax: y\ndata: a\n\n', [message('a')]],
  ['retry with data', 'retry: 5\ndata: a\n\n', [message('a')]],
  ['blank lines', '\n\n\ndata: a\n\n\n\ndata: b\n\n', [message('a'), message('b')]],
  ['a message that does not end', 'data: a\n\ndata: b\n', [message('a')]],
  ['a line that does not end', 'data: a\n\ndata: b', [message('a')]],
  [
    'what only looks like line ends',
    'data: a\u2028b\u0085c\vd\n\n',
    [message('a\u2028b\u0085c\vd')],
  ],
  ['a page', '<!doctype html>\n<title>Sign in</title>\n\n<p>data\n\n', []],
  ['nothing', '', []],
];

const LINE_ENDS = { LF: '\n', CR: '\r', 'CR LF': '\r\n' };

describe('EventStreamParser', () => {
  for (const [name, stream, messages] of STREAMS) {
    for (const [ending, characters] of Object.entries(LINE_ENDS)) {
      it(`reads ${name} in lines that end with ${ending}, wherever it is split`, () => {
        const text = stream.replaceAll('\n', characters);
        for (let first = 0; first <= text.length; first++) {
          const [head, rest] = [text.slice(0, first), text.slice(first)];
          expect(read(head, rest), `split at ${first}`).to.deep.equal(messages);
        }
        expect(read(...Array.from(text)), 'by characters').to.deep.equal(messages);
      });
    }
  }

  it('reads line ends of every kind in one stream', () => {
    const text = 'data: a\rdata: b\r\ndata: c\n\rdata: d\n\r\n\r\r';
    const messages = [message('a\nb\nc'), message('d')];
    expect(read(text)).to.deep.equal(messages);
    expect(read(...Array.from(text))).to.deep.equal(messages);
  });

  it('gives a message as soon as its blank line has begun', () => {
    const parser = new EventStreamParser();
    expect(parser.push('data: a\r\n')).to.deep.equal([]);
    expect(parser.push('\r')).to.deep.equal([message('a')]);
    expect(parser.push('\ndata: b\r\r')).to.deep.equal([message('b')]);
  });

  it('does not mind an empty piece, not even within a line end', () => {
    expect(read('data: a\r', '', '\ndata: b\r\n\r', '', '\n')).to.deep.equal([message('a\nb')]);
  });

  const retries: [line: string, retry: number | null][] = [
    ['retry: 5000', 5000],
    ['retry:0', 0],
    ['retry: 5\nretry: 7', 7],
    ['retry: 5\nretry: soon', 5],
    ['retry', null],
    ['retry:', null],
    ['retry: ', null],
    ['retry: -1', null],
    ['retry: 1.5', null],
    ['retry: 1e3', null],
    ['retry: 5 s', null],
    ['retry:  5', null],
    ['retry: ٥', null],
    ['Retry: 5', null],
    [':retry: 5', null],
  ];
  for (const [line, retry] of retries) {
    it(`${JSON.stringify(line)}: ${retry === null ? 'passed over' : `${retry} ms`}`, () => {
      expect(retryOf(`${line}\n`)).to.equal(retry);
    });
  }

  it('takes retry from its line alone, with no message around it', () => {
    expect(retryOf('retry: 5')).to.equal(null);
    expect(retryOf('data: a\nretry: 5\n')).to.equal(5);
  });
});

describe('EventStreamParser, messages that are too long', () => {
  const MOST = 65_536;
  const [half, little] = ['x'.repeat(MOST / 2), 'x'.repeat(1000)];

  function inPieces(text: string): string[] {
    return text.match(/[^]{1,1000}/g)!;
  }

  const tooLong: Record<string, string> = {
    'a line that never ends': half + half + little,
    'a comment that never ends': `:${half}${half}${little}`,
    'data that never ends': `data: ${half}\ndata: ${half}\ndata: ${little}`,
    'a field of data too many': `data: ${half}\n`.repeat(2) + `data: ${little}\n`,
    'empty lines of data': 'data\n'.repeat(MOST + 1000),
  };
  for (const [name, stream] of Object.entries(tooLong)) {
    it(`throws for ${name}, in whatever pieces`, () => {
      expect(() => read(stream)).to.throw(RangeError);
      expect(() => read(...inPieces(stream))).to.throw(RangeError);
    });
  }

  it('takes a message of nearly 64 kB, and any number of them', () => {
    const data = 'x'.repeat(MOST - 1000);
    const messages = read(...inPieces(`data: ${data}\n\n`.repeat(5)));
    expect(messages.map((each) => each.data.length)).to.deep.equal(Array(5).fill(data.length));
  });

  it('takes any number of comments and unknown fields between messages', () => {
    const stream = `: ${little}\n`.repeat(200) + `id: ${little}\n`.repeat(200) + 'data: a\n\n';
    expect(read(...inPieces(stream))).to.deep.equal([message('a')]);
  });
});
