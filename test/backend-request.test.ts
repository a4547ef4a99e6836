import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import {
  askBackend,
  readText,
  rejectOnAbort,
  retryAfterOf,
  withTimeout,
  type BackendOptions,
  type HeadersSource,
} from '../src/backend-request.js';
import { VerifyError, type VerifyErrorDetail } from '../src/errors.js';
import { deferred, endpoint, nextTask } from './helpers.js';

function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error: unknown) => error,
  );
}

async function detailOf(promise: Promise<unknown>): Promise<VerifyErrorDetail> {
  const error = await failure(promise);
  if (error instanceof VerifyError) return error.detail;
  throw error;
}

/** What has become of it by the next task. */
function soon(promise: Promise<unknown>): Promise<unknown> {
  return Promise.race([failure(promise), nextTask().then(() => 'still waiting')]);
}

describe('askBackend', () => {
  const needed = { Accept: 'application/json', 'Content-Type': 'application/json' };
  let asked: sinon.SinonStub<Parameters<typeof fetch>>;

  beforeEach(() => (asked = sinon.stub(window, 'fetch').resolves(new Response())));
  afterEach(() => asked.restore());

  /** What is asked with. */
  async function init(options: Partial<BackendOptions>): Promise<RequestInit> {
    const defaults = { withCredentials: false, timeout: 5000 };
    await askBackend('/there', { ...defaults, ...options }, needed, { method: 'POST' });
    expect(asked.lastCall.args[0]).to.equal('/there');
    return asked.lastCall.args[1]!;
  }

  const of = async (headers?: HeadersSource) => (await init({ headers })).headers as Headers;

  const sources: Record<string, HeadersSource> = {
    'an object': { 'X-Csrf-Token': 'a' },
    'a list': [['X-Csrf-Token', 'a']],
    'a Headers': new Headers({ 'X-Csrf-Token': 'a' }),
    'a function': () => ({ 'X-Csrf-Token': 'a' }),
    'an asynchronous function': async () => new Headers({ 'X-Csrf-Token': 'a' }),
  };
  for (const [name, source] of Object.entries(sources)) {
    it(`takes ${name}, and adds what the request needs`, async () => {
      expect(Object.fromEntries(await of(source))).to.deep.equal({
        ...{ accept: 'application/json', 'content-type': 'application/json', 'x-csrf-token': 'a' },
      });
    });
  }

  it('needs none of the author’s', async () => {
    expect((await of()).get('Accept')).to.equal('application/json');
  });

  it('does not let the author’s headers stand against what the request needs', async () => {
    const headers = await of({ 'content-type': 'text/plain', ACCEPT: 'text/html' });
    expect(headers.get('Content-Type')).to.equal('application/json');
    expect(headers.get('Accept')).to.equal('application/json');
  });

  it('leaves the author’s own object as it is', async () => {
    const own = new Headers({ 'X-Csrf-Token': 'a' });
    await of(own);
    expect(Array.from(own.keys())).to.deep.equal(['x-csrf-token']);
  });

  it('calls the function for each request', async () => {
    let token = 0;
    const headers = () => ({ 'X-Csrf-Token': String(++token) });
    await of(headers);
    expect((await of(headers)).get('X-Csrf-Token')).to.equal('2');
  });

  const cause = new Error('no token');
  const unusable: Record<string, HeadersSource> = {
    'a function that throws': () => {
      throw cause;
    },
    'a function that rejects': () => Promise.reject(cause),
    'a name that is none': { 'not a name': 'x' },
    'a value with a line break': { 'X-Csrf-Token': 'a\nb' },
  };
  for (const [name, source] of Object.entries(unusable)) {
    it(`is resolver-failed, not to be tried again, for ${name}`, async () => {
      const detail = await detailOf(of(source));
      expect(detail.code).to.equal('resolver-failed');
      expect(detail.retryable).to.equal(false);
      expect(detail.cause).to.be.instanceOf(Error);
      expect(asked.called).to.equal(false);
    });
  }

  it('sends cookies to another origin only if told to', async () => {
    expect((await init({})).credentials).to.equal('same-origin');
    expect((await init({ withCredentials: true })).credentials).to.equal('include');
  });

  it('takes nothing from a cache, and what it is given along', async () => {
    expect(await init({})).to.include({ cache: 'no-store', method: 'POST' });
  });
});

describe('readText', () => {
  /** A body in these pieces, and whether the rest of it was refused. */
  function body(...pieces: Uint8Array[]) {
    const cancel = sinon.fake();
    const left = pieces.slice();
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        const piece = left.shift();
        if (piece) controller.enqueue(piece);
        else controller.close();
      },
      cancel,
    });
    return { response: new Response(stream), cancel };
  }

  const bytes = (text: string) => new TextEncoder().encode(text);

  it('reads a body, whatever its pieces cut through', async () => {
    const text = '{"status":"½ €uro 🎉"}';
    expect(
      await readText(body(...Array.from(bytes(text), (byte) => Uint8Array.of(byte))).response),
    ).to.equal(text);
    expect(await readText(new Response(text))).to.equal(text);
  });

  it('reads what has no body, or no stream of one', async () => {
    expect(await readText(new Response(null))).to.equal('');
    expect(await readText({ text: async () => 'own' } as Response)).to.equal('own');
  });

  it('takes 64 kB, and not a byte more', async () => {
    const most = bytes('x'.repeat(65_536));
    expect(await readText(body(most).response)).to.have.length(65_536);
    const { response } = body(most, bytes('y'));
    expect((await detailOf(readText(response))).code).to.equal('invalid-response');
  });

  it('refuses the rest of what is too long', async () => {
    const { response, cancel } = body(bytes('x'.repeat(70_000)), bytes('y'), bytes('z'));
    await detailOf(readText(response));
    expect(cancel.callCount).to.equal(1);
  });

  it('does not swallow half a character at the end', async () => {
    expect(await readText(body(bytes('a'), Uint8Array.of(0xc3)).response)).to.equal('a\ufffd');
  });

  it('does not wait for the end of an answer that has none', async () => {
    const detail = await detailOf(readText(await fetch(endpoint('flood').url)));
    expect(detail.code).to.equal('invalid-response');
  });

  it('fails where the connection breaks', async () => {
    const response = await fetch(endpoint('half').url);
    expect(await failure(readText(response))).to.be.instanceOf(Error);
  });
});

describe('retryAfterOf', () => {
  const NOW = Date.UTC(2030, 0, 1);
  let clock: sinon.SinonFakeTimers;
  beforeEach(() => (clock = sinon.useFakeTimers({ now: NOW, toFake: ['Date'] })));
  afterEach(() => clock.restore());

  const table: [status: number, value: string | null, seconds: number | null][] = [
    [429, '7', 7],
    [503, '7', 7],
    [429, '0', 0],
    [429, '86400', 86_400],
    [503, 'Tue, 01 Jan 2030 00:00:20 GMT', 20],
    [429, 'Tue, 01 Jan 2030 00:00:00 GMT', 0],
    [429, 'Mon, 31 Dec 2029 23:59:59 GMT', null],
    [429, 'Thu, 01 Jan 1970 00:00:00 GMT', null],
    [429, 'Never, GMT', null],
    [429, '2040', 2040],
    [429, '9'.repeat(400), Number.MAX_SAFE_INTEGER],
    [429, 'soon 2040', null],
    [429, '2040-01-01', null],
    [429, '-5', null],
    [429, '1.5', null],
    [429, '5 s', null],
    [429, '', null],
    [429, null, null],
    [500, '7', null],
    [404, '7', null],
    [200, '7', null],
  ];
  for (const [status, value, seconds] of table) {
    it(`${status}, ${value ?? 'without'}: ${seconds ?? 'nothing'}`, () => {
      const headers: HeadersInit = value === null ? {} : { 'Retry-After': value };
      expect(retryAfterOf(new Response(null, { status, headers }))).to.equal(seconds);
    });
  }

  it('counts a part of a second as a whole one', () => {
    clock.tick(1);
    const headers = { 'Retry-After': 'Tue, 01 Jan 2030 00:00:20 GMT' };
    expect(retryAfterOf(new Response(null, { status: 429, headers }))).to.equal(20);
  });
});

describe('withTimeout', () => {
  let clock: sinon.SinonFakeTimers;
  const never = () => new AbortController().signal;
  const hang = () => new Promise<never>(() => undefined);

  beforeEach(() => (clock = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })));
  afterEach(() => clock.restore());

  it('gives what the task gives, and leaves no timer', async () => {
    expect(await withTimeout(1000, never(), async () => 'done')).to.equal('done');
    expect(clock.countTimers()).to.equal(0);
  });

  it('fails as the task fails, and leaves no timer', async () => {
    const cause = new Error('boom');
    const failed = withTimeout(1000, never(), () => Promise.reject(cause));
    expect(await failure(failed)).to.equal(cause);
    expect(clock.countTimers()).to.equal(0);
  });

  it('is resolver-timeout in time, which it also tells the task', async () => {
    let given: AbortSignal | undefined;
    const failed = detailOf(withTimeout(1000, never(), (signal) => ((given = signal), hang())));
    await clock.tickAsync(999);
    expect(given!.aborted).to.equal(false);
    await clock.tickAsync(1);
    expect(given!.aborted).to.equal(true);
    const { code, retryable, message } = await failed;
    expect([code, retryable]).to.deep.equal(['resolver-timeout', true]);
    expect(message).to.contain('1000 ms');
  });

  it('rejects with the reason of an abort, which it also tells the task', async () => {
    const controller = new AbortController();
    const reason = new Error('not wanted any more');
    let given: AbortSignal | undefined;
    const failed = failure(
      withTimeout(1000, controller.signal, (signal) => ((given = signal), hang())),
    );
    controller.abort(reason);
    expect(await failed).to.equal(reason);
    expect(given!.reason).to.equal(reason);
    expect(clock.countTimers()).to.equal(0);
  });

  it('leaves no listener that would keep the signals alive', async () => {
    const listen = sinon.fake<Parameters<AbortSignal['addEventListener']>>();
    await withTimeout(1000, never(), async (signal) => {
      signal.addEventListener = listen;
    });
    const [, , options] = listen.firstCall.args;
    expect((options as AddEventListenerOptions).signal!.aborted).to.equal(true);
  });

  it('does not begin where the signal has aborted', async () => {
    const reason = new Error('not wanted any more');
    const task = sinon.fake(hang);
    expect(await failure(withTimeout(1000, AbortSignal.abort(reason), task))).to.equal(reason);
    expect(task.called).to.equal(false);
  });

  it('says nothing more when the task fails after its time', async () => {
    const unhandled = sinon.fake((event: Event) => event.preventDefault());
    addEventListener('unhandledrejection', unhandled);
    const { promise, reject } = deferred<never>();
    const failed = detailOf(withTimeout(1000, never(), () => promise));
    await clock.tickAsync(1000);
    expect((await failed).code).to.equal('resolver-timeout');
    clock.restore();
    reject(new Error('too late'));
    await nextTask();
    await nextTask();
    removeEventListener('unhandledrejection', unhandled);
    expect(unhandled.called).to.equal(false);
  });

  it('ends also where the task itself aborts the signal before it waits', async () => {
    clock.restore();
    const controller = new AbortController();
    const reason = new Error('cancelled from inside');
    const failed = withTimeout(1000, controller.signal, () => (controller.abort(reason), hang()));
    expect(await soon(failed)).to.equal(reason);
  });
});

describe('rejectOnAbort', () => {
  it('rejects with the reason when the signal aborts, not before', async () => {
    const controller = new AbortController();
    const reason = new Error('gone');
    const rejected = rejectOnAbort(controller.signal);
    expect(await soon(rejected)).to.equal('still waiting');
    controller.abort(reason);
    expect(await failure(rejected)).to.equal(reason);
  });

  it('rejects at once where the signal has aborted', async () => {
    const reason = new Error('gone');
    expect(await soon(rejectOnAbort(AbortSignal.abort(reason)))).to.equal(reason);
  });

  it('does so no more when it is done', async () => {
    const [controller, done] = [new AbortController(), new AbortController()];
    const rejected = rejectOnAbort(controller.signal, done.signal);
    done.abort();
    controller.abort();
    expect(await soon(rejected)).to.equal('still waiting');
  });
});
