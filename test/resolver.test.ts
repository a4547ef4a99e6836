import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { VerifyError, type VerifyErrorDetail } from '../src/errors.js';
import { Gate } from '../src/gate.js';
import { resolveSession, type Intent, type ResolverOptions } from '../src/resolver.js';
import { DEFAULT_ALLOWED_HOSTS } from '../src/session.js';
import { answer, elsewhere, endpoint } from './helpers.js';

const intent: Intent = { key: 'key-1', reason: 'initial' };
const forever = () => new AbortController().signal;

function optionsWith(given: Partial<ResolverOptions>): ResolverOptions {
  return {
    resolverUrl: '',
    withCredentials: false,
    timeout: 5000,
    maxRetries: 0,
    allowedHosts: DEFAULT_ALLOWED_HOSTS,
    ...given,
  };
}

function resolve(given: Partial<ResolverOptions>, signal = forever()) {
  return resolveSession(() => optionsWith(given), intent, signal);
}

async function failure(given: Partial<ResolverOptions>): Promise<VerifyErrorDetail> {
  try {
    await resolve(given);
  } catch (error) {
    if (error instanceof VerifyError) return error.detail;
    throw error;
  }
  throw new Error('It did not fail.');
}

describe('resolveSession, by URL', () => {
  it('posts what the author set, as JSON, with an idempotency key', async () => {
    const { url, requests } = endpoint('ok');
    const session = await resolve({ resolverUrl: url, scope: 'names email', vendorData: 'u-1' });
    expect(session.sessionId).to.equal('session-1');
    const [request] = await requests();
    expect(request!.method).to.equal('POST');
    expect(request!.headers['content-type']).to.equal('application/json');
    expect(request!.headers.accept).to.equal('application/json');
    expect(request!.headers['idempotency-key']).to.equal('key-1');
    expect(JSON.parse(request!.body)).to.deep.equal({ scope: 'names email', vendor_data: 'u-1' });
  });

  it('posts an empty object where nothing is set', async () => {
    const { url, requests } = endpoint('ok');
    await resolve({ resolverUrl: url });
    expect((await requests())[0]!.body).to.equal('{}');
  });

  it('is resolver-failed when the headers cannot be sent', async () => {
    const { url, requests } = endpoint('ok');
    const headers = sinon.fake.rejects(new Error('no token'));
    const error = await failure({ resolverUrl: url, headers, maxRetries: 2 });
    expect([error.code, error.retryable]).to.deep.equal(['resolver-failed', false]);
    expect(headers.callCount).to.equal(1);
    expect(await requests()).to.have.length(0);
  });

  it('reads the latest options for each attempt', async () => {
    const { url, requests } = endpoint('503,ok');
    let token = 0;
    await resolveSession(
      () =>
        optionsWith({
          resolverUrl: url,
          maxRetries: 1,
          headers: { 'X-Csrf-Token': String(++token) },
        }),
      intent,
      forever(),
    );
    const tokens = (await requests()).map(({ headers }) => Number(headers['x-csrf-token']));
    expect(tokens[1]).to.be.greaterThan(tokens[0]!);
  });

  it('resolves references against the answer’s own URL', async () => {
    const body = JSON.stringify({ ...answer(), status_url: '?session=h' });
    const { url } = endpoint(`json`);
    const session = await resolve({ resolverUrl: `${url}?body=${encodeURIComponent(body)}` });
    expect(session.statusUrl).to.equal(new URL(`${url}?session=h`, location.href).href);
  });

  it('gives the endpoint’s words and status to the developer', async () => {
    const error = await failure({ resolverUrl: endpoint('403').url });
    expect(error.code).to.equal('resolver-rejected');
    expect(error.httpStatus).to.equal(403);
    expect(error.message).to.contain('refused with 403');
  });

  it('says that an answer was redirected to something else', async () => {
    const error = await failure({ resolverUrl: endpoint('login').url });
    expect(error.code).to.equal('invalid-response');
    expect(error.message).to.contain('edirected');
  });

  it('cuts off an answer that is far too long', async () => {
    for (const behaviour of ['flood', '200-long']) {
      const error = await failure({ resolverUrl: endpoint(behaviour).url });
      expect(error.code, behaviour).to.equal('invalid-response');
    }
  });

  it('knows a refusal that comes with a long page by its status', async () => {
    for (const [status, code] of [
      [403, 'resolver-rejected'],
      [429, 'rate-limited'],
      [500, 'resolver-failed'],
    ] as const) {
      const error = await failure({ resolverUrl: endpoint(`${status}-long`).url });
      expect([error.code, error.httpStatus]).to.deep.equal([code, status]);
    }
  });

  it('asks cross-origin without a key, and with cookies only if told to', async () => {
    const { url, requests } = endpoint('cors-ok', await elsewhere());
    const fetchSpy = sinon.spy(window, 'fetch');
    try {
      await resolve({ resolverUrl: url });
      await resolve({ resolverUrl: url, withCredentials: true });
      const modes = fetchSpy.args.map(([, init]) => [init!.credentials, init!.cache]);
      expect(modes).to.deep.equal([
        ['same-origin', 'no-store'],
        ['include', 'no-store'],
      ]);
    } finally {
      fetchSpy.restore();
    }
    for (const { headers } of await requests()) {
      expect(headers).to.not.have.property('idempotency-key');
    }
  });

  it('asks nothing of what is not an HTTP URL', async () => {
    const fetchSpy = sinon.spy(window, 'fetch');
    try {
      for (const url of ['http://', 'javascript:alert(1)', 'data:,{}', 'https://a:b@c.example/']) {
        const error = await failure({ resolverUrl: url, maxRetries: 2 });
        expect(error.code, url).to.equal('resolver-unreachable');
        expect(error.retryable, url).to.equal(false);
        expect(error.message).to.equal('resolver-url is not an HTTP URL.');
      }
      expect(fetchSpy.called).to.equal(false);
    } finally {
      fetchSpy.restore();
    }
  });

  it('rejects with the signal’s reason when it aborts', async () => {
    const controller = new AbortController();
    const reason = new Error('not wanted any more');
    const pending = resolve({ resolverUrl: endpoint('silence').url }, controller.signal);
    controller.abort(reason);
    expect(await pending.catch((error: unknown) => error)).to.equal(reason);
  });
});

describe('resolveSession, retries', () => {
  let clock: sinon.SinonFakeTimers;
  let fetchStub: sinon.SinonStub;
  let random: sinon.SinonStub;

  beforeEach(() => {
    clock = sinon.useFakeTimers({
      now: Date.UTC(2030, 0, 1),
      toFake: ['setTimeout', 'clearTimeout', 'Date'],
    });
    fetchStub = sinon.stub(window, 'fetch');
    random = sinon.stub(Math, 'random').returns(1);
  });

  afterEach(() => {
    clock.restore();
    fetchStub.restore();
    random.restore();
  });

  /** Lets time pass until the promise is settled. */
  async function passed<T>(pending: Promise<T>): Promise<T> {
    let settled = false;
    const settle = () => (settled = true);
    pending.then(settle, settle);
    while (!settled) await clock.runAllAsync();
    return pending;
  }

  /** Without a stream: reading one takes real time, in which the fake clock must not run on. */
  const shaped = (status: number, body: string, headers?: HeadersInit) =>
    ({
      ...{ status, ok: status < 300, url: '', body: null },
      headers: new Headers(headers),
      text: () => Promise.resolve(body),
    }) as unknown as Response;
  const refused = (status: number, headers?: HeadersInit) => shaped(status, '', headers);
  const ok = () => shaped(201, JSON.stringify(answer()));
  const hang = (_: unknown, { signal }: RequestInit) =>
    new Promise((_resolve, reject) => {
      signal!.addEventListener('abort', () => reject(signal!.reason as Error));
    });

  type Failing = () => unknown;
  const failures: Record<string, Failing> = {
    'a network failure': () => Promise.reject(new TypeError('Failed to fetch')),
    '500': () => refused(500),
    '502': () => refused(502),
    '503': () => refused(503),
    '429': () => refused(429),
  };
  const sameOrigin = { resolverUrl: '/session', maxRetries: 2 };
  const crossOrigin = { resolverUrl: 'https://api.example/session', maxRetries: 2 };

  for (const [name, fail] of Object.entries(failures)) {
    it(`tries again after ${name}, with the same key`, async () => {
      fetchStub.onCall(0).callsFake(fail).onCall(1).callsFake(fail).onCall(2).resolves(ok());
      const pending = resolve(sameOrigin);
      expect((await passed(pending)).sessionId).to.equal('session-1');
      expect(fetchStub.callCount).to.equal(3);
      const keys = fetchStub.args.map(([, init]) =>
        ((init as RequestInit).headers as Headers).get('Idempotency-Key'),
      );
      expect(keys).to.deep.equal(['key-1', 'key-1', 'key-1']);
    });
  }

  for (const status of [400, 401, 403, 404, 409, 422]) {
    it(`does not try again after ${status}`, async () => {
      fetchStub.callsFake(() => Promise.resolve(refused(status)));
      const error = await failure(sameOrigin);
      expect(error.code).to.equal('resolver-rejected');
      expect(error.retryable).to.equal(false);
      expect(fetchStub.callCount).to.equal(1);
    });
  }

  it('tells the developer what was thrown where the endpoint cannot be reached', async () => {
    const thrown = new TypeError('Failed to fetch');
    fetchStub.rejects(thrown);
    const error = await failure({ ...sameOrigin, maxRetries: 0 });
    expect(error).to.deep.equal({
      code: 'resolver-unreachable',
      message: 'resolver-url cannot be reached.',
      retryable: true,
      cause: thrown,
    });
  });

  it('does not try again after an answer that is no session', async () => {
    fetchStub.callsFake(() => Promise.resolve(shaped(200, '{}')));
    expect((await failure(sameOrigin)).code).to.equal('invalid-response');
    expect(fetchStub.callCount).to.equal(1);
  });

  it('tries again after a timeout, and says so after the last', async () => {
    fetchStub.callsFake(hang);
    const pending = failure({ ...sameOrigin, timeout: 1000 });
    await clock.tickAsync(999);
    expect(fetchStub.callCount).to.equal(1);
    const error = await passed(pending);
    expect(error.code).to.equal('resolver-timeout');
    expect(error.retryable).to.equal(true);
    expect(fetchStub.callCount).to.equal(3);
  });

  it('gives each attempt its whole time', async () => {
    fetchStub.onCall(0).callsFake(hang);
    fetchStub.onCall(1).callsFake(() => new Promise((done) => setTimeout(() => done(ok()), 900)));
    const pending = resolve({ ...sameOrigin, timeout: 1000 });
    expect((await passed(pending)).sessionId).to.equal('session-1');
  });

  for (const [name, fail] of Object.entries(failures)) {
    const again = name === '503' || name === '429';
    it(`without a key (cross-origin) ${again ? 'tries again' : 'gives up'} after ${name}`, async () => {
      fetchStub.callsFake(() => Promise.resolve(fail()));
      const pending = failure(crossOrigin);
      await passed(pending);
      expect(fetchStub.callCount).to.equal(again ? 3 : 1);
    });
  }

  it('waits longer before each retry, with jitter', async () => {
    fetchStub.callsFake(() => Promise.resolve(refused(500)));
    const times: number[] = [];
    fetchStub.callsFake(() => {
      times.push(Date.now());
      return Promise.resolve(refused(500));
    });
    for (const luck of [0, 1]) {
      random.returns(luck);
      const pending = failure({ ...sameOrigin, maxRetries: 6 });
      await passed(pending);
    }
    const waits = times.map((time, index) => time - times[index - 1]!);
    expect(waits.slice(1, 7)).to.deep.equal([250, 500, 1000, 2000, 4000, 4000]);
    expect(waits.slice(8)).to.deep.equal([500, 1000, 2000, 4000, 8000, 8000]);
  });

  it('waits as long as Retry-After says, in seconds or as a date', async () => {
    for (const seconds of [7, 20]) {
      const date = new Date(Date.now() + 20_000).toUTCString();
      const value = seconds === 20 ? date : '7';
      fetchStub.reset();
      fetchStub.onCall(0).resolves(refused(429, { 'Retry-After': value }));
      fetchStub.onCall(1).callsFake(() => Promise.resolve(ok()));
      const start = Date.now();
      const pending = resolve({ ...sameOrigin, maxRetries: 1 });
      await passed(pending);
      const waited = Date.now() - start;
      expect(waited).to.be.within((seconds - 1) * 1000, seconds * 1000 + 1000);
    }
  });

  it('waits for a Retry-After of 30 s', async () => {
    fetchStub
      .onCall(0)
      .resolves(refused(429, { 'Retry-After': '30' }))
      .onCall(1)
      .resolves(ok());
    const start = Date.now();
    await passed(resolve({ ...sameOrigin, maxRetries: 1 }));
    expect(Date.now() - start).to.be.at.least(30_000);
  });

  it('makes no further attempt while it is held back, and the next at once then', async () => {
    fetchStub.onCall(0).resolves(refused(500)).onCall(1).resolves(ok());
    let isOpen = false;
    const gate = new Gate(() => isOpen);
    const options = () => optionsWith(sameOrigin);
    const pending = resolveSession(options, { ...intent, gate }, forever());
    await clock.tickAsync(60_000);
    expect(fetchStub.callCount).to.equal(1);
    isOpen = true;
    gate.check();
    expect((await pending).sessionId).to.equal('session-1');
  });

  it('stops being held back when it is aborted', async () => {
    fetchStub.callsFake(() => Promise.resolve(refused(500)));
    const controller = new AbortController();
    const gate = new Gate(() => false);
    const options = () => optionsWith(sameOrigin);
    const pending = resolveSession(options, { ...intent, gate }, controller.signal);
    const settled = pending.catch((error: unknown) => error);
    await clock.tickAsync(60_000);
    controller.abort(new Error('gone'));
    expect(((await settled) as Error).message).to.equal('gone');
    expect(fetchStub.callCount).to.equal(1);
  });

  it('does not wait for a Retry-After over 30 s, but tells it', async () => {
    for (const status of [429, 503]) {
      fetchStub.callsFake(() => Promise.resolve(refused(status, { 'Retry-After': '31' })));
      const error = await failure(sameOrigin);
      expect(error.code).to.equal(status === 429 ? 'rate-limited' : 'resolver-failed');
      expect(error.retryAfter).to.equal(31);
    }
    expect(fetchStub.callCount).to.equal(2);
  });

  it('stops waiting when it is aborted, and leaves no timer', async () => {
    fetchStub.callsFake(() => Promise.resolve(refused(500)));
    const controller = new AbortController();
    const pending = resolve(sameOrigin, controller.signal).catch((error: unknown) => error);
    await clock.tickAsync(100);
    controller.abort(new Error('gone'));
    expect(((await pending) as Error).message).to.equal('gone');
    expect(clock.countTimers()).to.equal(0);
    expect(fetchStub.callCount).to.equal(1);
  });
});

describe('resolveSession, by function', () => {
  it('tells the function why and for what it is asked', async () => {
    const resolver = sinon.fake.resolves(answer());
    await resolve({ resolver, resolverUrl: '/unused', scope: 'names', vendorData: 'u-1' });
    const [context] = resolver.firstCall.args as [Record<string, unknown>];
    expect(context).to.include({ reason: 'initial', scope: 'names', vendorData: 'u-1' });
    expect(context.signal).to.be.instanceOf(AbortSignal);
  });

  it('takes a session, a response, or either without a promise', async () => {
    const answers = [answer(), Response.json(answer())];
    for (const value of answers) {
      expect((await resolve({ resolver: () => value })).sessionId).to.equal('session-1');
    }
    const own = { ok: true, status: 200, url: '', text: async () => JSON.stringify(answer()) };
    const resolver = () => own as Response;
    expect((await resolve({ resolver })).sessionId).to.equal('session-1');
  });

  it('resolves references of what has no URL of its own against the page’s', async () => {
    const given = { ...answer(), status_url: 'status?session=h' };
    for (const value of [given, Response.json(given)]) {
      const { statusUrl } = await resolve({ resolver: () => value });
      expect(statusUrl).to.equal(new URL('status?session=h', document.baseURI).href);
    }
  });

  it('reads a returned response like the endpoint’s', async () => {
    const resolver = () => new Response('{"detail":"no more"}', { status: 429 });
    const error = await failure({ resolver });
    expect(error.code).to.equal('rate-limited');
    expect(error.message).to.contain('no more');
  });

  it('tells what is wrong with a returned response, and no more than it knows', async () => {
    const refused = await failure({ resolver: () => new Response('', { status: 400 }) });
    expect(refused).to.deep.equal({
      code: 'resolver-rejected',
      message: 'The answer is 400.',
      retryable: false,
      httpStatus: 400,
    });
    const page = await failure({ resolver: () => new Response('<!doctype html>') });
    expect(page.cause).to.be.instanceOf(SyntaxError);
    expect({ ...page, cause: null }).to.deep.equal({
      code: 'invalid-response',
      message: 'The answer is not JSON.',
      retryable: false,
      httpStatus: 200,
      cause: null,
    });
  });

  it('is invalid-response for what is neither a success nor a refusal', async () => {
    const error = await failure({ resolver: () => new Response(null, { status: 304 }) });
    expect([error.code, error.httpStatus]).to.deep.equal(['invalid-response', 304]);
  });

  const refusals: [body: string, words: string][] = [
    ['{"error":"c","detail":"b","message":"a","title":"d"}', ': a'],
    ['{"error":"c","detail":"b","title":"d"}', ': b'],
    ['{"error":"c","title":"d"}', ': c'],
    ['{"type":"about:blank","title":"d","status":400}', ': d'],
    ['{"detail":[{"msg":"a"}],"error":{"code":5},"title":"d"}', ': d'],
    [`{"message":"${'x'.repeat(300)}"}`, `: ${'x'.repeat(200)}`],
    ['{"code":5}', '.'],
    ['{"message":""}', '.'],
    ['null', '.'],
    ['"refused"', '.'],
    ['<!doctype html>', '.'],
    ['', '.'],
  ];
  for (const [body, words] of refusals) {
    it(`quotes of ${body.slice(0, 60) || 'nothing'} only what is meant for the developer`, async () => {
      const error = await failure({ resolver: () => new Response(body, { status: 400 }) });
      expect(error.code).to.equal('resolver-rejected');
      expect(error.message).to.equal(`The answer is 400${words}`);
    });
  }

  it('is resolver-failed when it throws, at once or later, and is not asked again', async () => {
    const cause = new Error('boom');
    const resolver = sinon.fake.throws(cause);
    const error = await failure({ resolver, maxRetries: 2 });
    expect(error.code).to.equal('resolver-failed');
    expect(error.message).to.equal('The resolver threw.');
    expect(error.cause).to.equal(cause);
    expect(resolver.callCount).to.equal(1);
    expect((await failure({ resolver: () => Promise.reject(cause) })).cause).to.equal(cause);
  });

  it('is invalid-response when it gives nothing', async () => {
    const resolver = (() => undefined) as never;
    expect((await failure({ resolver })).code).to.equal('invalid-response');
  });

  it('has the time of one attempt, even if it does not heed its signal', async () => {
    const resolver = sinon.fake(() => new Promise<never>(() => undefined));
    const error = await failure({ resolver, timeout: 20, maxRetries: 2 });
    expect(error.code).to.equal('resolver-timeout');
    expect(resolver.callCount).to.equal(1);
  });
});
