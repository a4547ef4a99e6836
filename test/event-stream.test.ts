import { expect, fixtureCleanup } from '@open-wc/testing';
import sinon from 'sinon';
import type { BackendOptions } from '../src/backend-request.js';
import { VerifyError, type VerifyErrorDetail } from '../src/errors.js';
import { readEventStream, type StreamEnd } from '../src/event-stream.js';
import type { StreamMessage } from '../src/event-stream-parser.js';
import {
  answer,
  element,
  elsewhere,
  endpoint,
  inState,
  restoreVisibility,
  setHidden,
  until,
} from './helpers.js';

const patient: BackendOptions = { withCredentials: false, timeout: 5000 };

/** What is read of a stream, until its end. */
async function read(url: string, options: Partial<BackendOptions> = {}) {
  const messages: StreamMessage[] = [];
  const { signal } = new AbortController();
  const add = (message: StreamMessage) => void messages.push(message);
  const end = await readEventStream(url, { ...patient, ...options }, signal, add);
  return { ...end, messages };
}

function detailOf({ error }: StreamEnd): Partial<VerifyErrorDetail> {
  return error instanceof VerifyError ? error.detail : {};
}

const status = (word: string) => ({ event: 'status', data: JSON.stringify({ status: word }) });

describe('readEventStream', () => {
  it('gives each message, and tells of the end', async () => {
    const { url } = endpoint('events-end');
    const { how, retry, messages } = await read(`${url}?status=Confirmed`);
    expect({ how, retry }).to.deep.equal({ how: 'ended', retry: null });
    expect(messages).to.deep.equal([status('Confirmed')]);
  });

  it('gives them as they come', async () => {
    const { url } = endpoint('events');
    const controller = new AbortController();
    const word = await new Promise((resolve) => {
      void readEventStream(url, patient, controller.signal, resolve);
    });
    expect(word).to.deep.equal(status('Not Started'));
    controller.abort();
  });

  it('puts together what comes in pieces', async () => {
    const { messages } = await read(`${endpoint('events-pieces').url}?status=`);
    expect(messages).to.deep.equal([{ event: 'café', data: '☕' }]);
  });

  it('tells how long to wait before the next', async () => {
    expect(await read(endpoint('events-retry').url)).to.include({ how: 'ended', retry: 7000 });
  });

  it('sends the author’s headers, and asks for a stream', async () => {
    const { url, requests } = endpoint('events-end');
    await read(url, { headers: () => Promise.resolve({ 'X-Csrf-Token': '7', Accept: '*/*' }) });
    const [request] = await requests();
    expect(request!.method).to.equal('GET');
    expect(request!.headers).to.include({ 'x-csrf-token': '7', accept: 'text/event-stream' });
  });

  it('takes cookies to another origin only where they are wanted', async () => {
    const fetch = sinon.stub(window, 'fetch').rejects(new TypeError());
    try {
      await read('/events');
      await read('/events', { withCredentials: true });
      const modes = fetch.args.map(([, init]) => init!.credentials);
      expect(modes).to.deep.equal(['same-origin', 'include']);
    } finally {
      fetch.restore();
    }
  });

  type Row = [
    name: string,
    how: StreamEnd['how'],
    url: () => string | Promise<string>,
    detail?: Partial<VerifyErrorDetail>,
  ];
  const ends: Row[] = [
    ['204', 'useless', () => endpoint('204').url, { httpStatus: 204 }],
    ['401', 'useless', () => endpoint('401').url, { httpStatus: 401, retryable: true }],
    ['404', 'useless', () => endpoint('404').url, { httpStatus: 404, retryable: false }],
    ['410', 'useless', () => endpoint('410').url, { httpStatus: 410, retryable: false }],
    ['a redirect to a login page', 'useless', () => endpoint('login').url],
    ['JSON', 'useless', () => endpoint('status').url],
    ['an answer without a type', 'useless', () => endpoint('empty').url],
    ['429', 'failed', () => endpoint('429').url, { httpStatus: 429 }],
    [
      '429 with Retry-After',
      'failed',
      () => `${endpoint('429').url}?retry-after=7`,
      { retryAfter: 7 },
    ],
    ['500', 'failed', () => endpoint('500').url, { httpStatus: 500, retryable: true }],
    ['503', 'failed', () => endpoint('503').url, { httpStatus: 503 }],
    ['a connection that is cut before it answers', 'failed', () => endpoint('reset').url],
    ['a stream that ends with no byte', 'failed', () => `${endpoint('events-end').url}?status=`],
    ['a message over 64 kB', 'failed', () => endpoint('events-endless').url],
    ['a refused connection', 'failed', () => 'http://localhost:9/events'],
    ['a CORS refusal', 'failed', async () => endpoint('events', await elsewhere()).url],
    ['noise that ends', 'ended', () => `${endpoint('events-noise').url}?status=`],
  ];

  for (const [name, how, url, detail = {}] of ends) {
    it(`${name}: ${how}`, async () => {
      const end = await read(await url());
      expect(end.how).to.equal(how);
      expect(detailOf(end)).to.include(detail);
    });
  }

  it('a stream that is cut: over, with what was read of it', async () => {
    const { how, messages } = await read(endpoint('events-cut').url);
    // WebKitGTK takes it for whole.
    expect(how).to.be.oneOf(['failed', 'ended']);
    expect(messages).to.deep.equal([status('Not Started')]);
  });

  it('closes the connection of a message that is too long', async () => {
    const { url, closed } = endpoint('events-endless');
    await read(url);
    await closed();
  });

  it('closes the connection of what is no stream', async () => {
    const { url, closed } = endpoint('flood');
    expect(await read(url)).to.include({ how: 'useless' });
    await closed();
  });

  it('headers that cannot be had: failed, and nothing is asked', async () => {
    const { url, requests } = endpoint('events');
    const end = await read(url, { headers: () => Promise.reject(new Error('no token')) });
    expect(end.how).to.equal('failed');
    expect(await requests()).to.deep.equal([]);
  });

  it('is closed by the signal, and tells nothing more', async () => {
    const { url, closed } = endpoint('events');
    const controller = new AbortController();
    const messages: StreamMessage[] = [];
    const end = await readEventStream(url, patient, controller.signal, (message) => {
      messages.push(message);
      controller.abort();
    });
    expect(end.how).to.equal('failed');
    expect(messages).to.have.length(1);
    await closed();
  });

  it('asks nothing when the signal has aborted before', async () => {
    const { url, requests } = endpoint('events');
    const end = await readEventStream(url, patient, AbortSignal.abort(), () => undefined);
    expect(end.how).to.equal('failed');
    expect(await requests()).to.deep.equal([]);
  });
});

describe('readEventStream, time', () => {
  let clock: sinon.SinonFakeTimers;

  beforeEach(() => (clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })));
  afterEach(() => clock.restore());

  /** Lets the limit pass once something is under way; not a millisecond before is it over. */
  async function afterLimit(end: Promise<StreamEnd>, limit: number): Promise<StreamEnd> {
    let isOver = false;
    const watched = end.finally(() => (isOver = true));
    clock.tick(limit - 1);
    await new Promise((resolve) => requestAnimationFrame(resolve));
    expect(isOver).to.equal(false);
    clock.tick(1);
    return watched;
  }

  it('no answer within 5 s: failed, and let go', async () => {
    const { url, asked, closed } = endpoint('silence');
    const end = read(url);
    await asked(1);
    expect(await afterLimit(end, 5000)).to.include({ how: 'failed' });
    await closed();
  });

  it('no byte within 5 s: failed, and let go', async () => {
    const { url, asked, closed } = endpoint('events');
    const end = read(`${url}?status=`);
    await asked(1);
    expect(await afterLimit(end, 5000)).to.include({ how: 'failed' });
    await closed();
  });

  it('headers that never come: failed after 5 s', async () => {
    const end = read(endpoint('events').url, { headers: () => new Promise(() => undefined) });
    expect(await afterLimit(end, 5000)).to.include({ how: 'failed' });
  });

  it('no byte for 30 s after the first ones: silent, and let go', async () => {
    const { url, closed } = endpoint('events');
    const heard = sinon.spy();
    const { signal } = new AbortController();
    const end = readEventStream(url, patient, signal, heard);
    await until(() => heard.called);
    expect(await afterLimit(end, 30_000)).to.include({ how: 'silent' });
    await closed();
  });

  it('leaves no timer, however it ends', async () => {
    for (const behaviour of ['events-end', 'events-cut', 'events-endless', '204', '500', 'reset']) {
      await read(endpoint(behaviour).url);
      expect(clock.countTimers(), behaviour).to.equal(0);
    }
  });
});

describe('The stream of an element, over HTTP', () => {
  afterEach(() => {
    restoreVisibility();
    fixtureCleanup();
  });

  /** An element whose session has these for its stream and its status. */
  function following(events: string, statusUrl?: string) {
    const resolver = () => ({ ...answer(), events_url: events, status_url: statusUrl });
    return element({ resolver, pollInterval: 50 });
  }

  it('hears the word, and closes the connection after the last one', async () => {
    const { url, closed } = endpoint('events');
    const target = await following(`${url}?status=Confirmed`);
    await inState(target, 'approved');
    expect(await closed()).to.have.length(1);
  });

  it('connects again after an end in order', async () => {
    const { url, asked } = endpoint('events-end,events');
    await following(url);
    await asked(2);
  });

  for (const [name, hide, show] of [
    ['hidden', () => setHidden(true), () => setHidden(false)],
    [
      'pagehide',
      () => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })),
      () => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })),
    ],
  ] as const) {
    it(`is closed on ${name}, and opened again when shown`, async () => {
      const { url, asked, closed } = endpoint('events');
      const target = await following(url);
      await until(() => target.status === 'Not Started');
      hide();
      expect(await closed()).to.have.length(1);
      show();
      await asked(2);
    });
  }

  it('is closed when the element is removed', async () => {
    const { url, closed } = endpoint('events');
    const target = await following(url);
    await until(() => target.status === 'Not Started');
    target.remove();
    expect(await closed()).to.have.length(1);
  });

  it('is the only one of ten elements, so that six connections are enough', async () => {
    const { url, requests } = endpoint('events');
    const polled = endpoint('status');
    const targets = [];
    for (let count = 0; count < 10; count++) {
      targets.push(await following(url, `${polled.url}?status=In%20Progress`));
    }
    await Promise.all(targets.slice(1).map((target) => inState(target, 'in-progress')));
    expect(await requests()).to.have.length(1);
  });

  for (const behaviour of ['204', '404', '500', 'login', 'status', 'reset', 'events-endless']) {
    it(`${behaviour} in its place: polls`, async () => {
      const polled = endpoint('status');
      const events = endpoint(behaviour);
      const target = await following(events.url, `${polled.url}?status=In%20Progress`);
      await inState(target, 'in-progress');
      expect((await polled.requests())[0]!.headers).to.include({ accept: 'application/json' });
    });
  }
});
