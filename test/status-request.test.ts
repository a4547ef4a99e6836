import { expect } from '@open-wc/testing';
import sinon from 'sinon';
import { VerifyError, type VerifyErrorDetail } from '../src/errors.js';
import { hasStatus, refused, requestStatus, type StatusOptions } from '../src/status-request.js';
import { elsewhere, endpoint, nextTask } from './helpers.js';
import { sampleSession } from './sample-session.js';

const forever = () => new AbortController().signal;

interface Asked extends Partial<StatusOptions> {
  /** That of the answer. */
  readonly own?: string;
  readonly sessionId?: string;
}

function ask({ own = '', sessionId = 'session-1', ...given }: Asked, signal = forever()) {
  const options: StatusOptions = { withCredentials: false, timeout: 5000, ...given };
  const statusUrl = own ? new URL(own, location.href).href : null;
  return requestStatus(sampleSession({ sessionId, statusUrl }), options, signal);
}

async function failure(asked: Asked): Promise<VerifyErrorDetail> {
  const error: unknown = await ask(asked).then(
    (status) => new Error(`It is ${status}.`),
    (each: unknown) => each,
  );
  if (error instanceof VerifyError) return error.detail;
  throw error;
}

/** A backend that tells this word. */
function telling(status: string, behaviour = 'json', origin?: string) {
  const { url, requests } = endpoint(behaviour, origin);
  return { url: `${url}?body=${encodeURIComponent(JSON.stringify({ status }))}`, requests };
}

describe('requestStatus, whom it asks', () => {
  it('asks the address of the answer', async () => {
    const { url, requests } = telling('In Progress');
    expect(await ask({ own: url })).to.equal('In Progress');
    const [request] = await requests();
    expect([request!.method, request!.url, request!.body]).to.deep.equal(['GET', url, '']);
  });

  it('asks the author’s address instead, and the author’s function before both', async () => {
    const [own, authors] = [telling('Declined'), telling('Approved')];
    expect(await ask({ own: own.url, statusUrl: authors.url })).to.equal('Approved');
    const statusResolver = sinon.fake.resolves('In Review');
    const asked = { own: own.url, statusUrl: authors.url, statusResolver };
    expect(await ask({ ...asked, sessionId: 'a/b' })).to.equal('In Review');
    const [context] = statusResolver.firstCall.args as [Record<string, unknown>];
    expect(context.sessionId).to.equal('a/b');
    expect(context.signal).to.be.instanceOf(AbortSignal);
    expect(await own.requests()).to.have.length(0);
    expect(await authors.requests()).to.have.length(1);
  });

  it('takes a function’s word also without a promise', async () => {
    expect(await ask({ statusResolver: () => 'approved' })).to.equal('approved');
  });

  it('names the session in the author’s address, wherever and however often, encoded', async () => {
    const { url, requests } = telling('Approved');
    const statusUrl = `${url}&a={session_id}&b=x{session_id}`;
    await ask({ statusUrl, sessionId: 'a/../b?c#d&e=f $& ü' });
    const asked = new URL((await requests())[0]!.url, location.href).searchParams;
    expect([asked.get('a'), asked.get('b')]).to.deep.equal([
      ...['a/../b?c#d&e=f $& ü', 'xa/../b?c#d&e=f $& ü'],
    ]);
  });

  it('keeps a session’s id within its place in the path', async () => {
    const fetchStub = sinon.stub(window, 'fetch').callsFake(async () => {
      return Response.json({ status: 'Approved' });
    });
    try {
      await ask({ statusUrl: '/status/{session_id}/now', sessionId: '../../admin?x#y' });
      expect(fetchStub.firstCall.args[0]).to.equal(
        `${location.origin}/status/..%2F..%2Fadmin%3Fx%23y/now`,
      );
    } finally {
      fetchStub.restore();
    }
  });

  it('resolves the author’s address against the page, and takes another origin', async () => {
    const here = telling('Approved');
    expect(await ask({ statusUrl: here.url.replace(/^\//, '../../../../../') })).to.equal(
      'Approved',
    );
    const there = telling('Declined', 'cors-json', await elsewhere());
    expect(await ask({ statusUrl: there.url })).to.equal('Declined');
  });

  for (const statusUrl of ['http://', 'https://a:99999/', 'javascript:alert(1)', 'data:,{}']) {
    it(`asks nobody by ${statusUrl}, now or later`, async () => {
      const fetchSpy = sinon.spy(window, 'fetch');
      try {
        const { code, retryable } = await failure({ statusUrl, own: telling('Approved').url });
        expect([code, retryable]).to.deep.equal(['status-unavailable', false]);
        expect(fetchSpy.called).to.equal(false);
      } finally {
        fetchSpy.restore();
      }
    });
  }
});

describe('requestStatus, how it asks', () => {
  it('sends the author’s headers, and asks for JSON', async () => {
    const { url, requests } = telling('Approved');
    await ask({ own: url, headers: { 'X-Csrf-Token': 'a', Accept: 'text/html' } });
    await ask({ statusUrl: url, headers: async () => ({ 'X-Csrf-Token': 'b' }) });
    const sent = (await requests()).map(({ headers }) => [headers['x-csrf-token'], headers.accept]);
    expect(sent).to.deep.equal([
      ['a', 'application/json'],
      ['b', 'application/json'],
    ]);
  });

  it('goes past every cache, with cookies to another origin only if told to', async () => {
    const { url } = telling('Approved');
    const fetchSpy = sinon.spy(window, 'fetch');
    try {
      await ask({ own: url });
      await ask({ own: url, withCredentials: true });
      const sent = fetchSpy.args.map(([, init]) => [init!.credentials, init!.cache]);
      expect(sent).to.deep.equal([
        ['same-origin', 'no-store'],
        ['include', 'no-store'],
      ]);
    } finally {
      fetchSpy.restore();
    }
  });

  it('gives the backend’s word as it is', async () => {
    for (const status of ['Not Started', 'IN_PROGRESS', ' confirmed ', 'paused', '½ 🎉']) {
      expect(await ask({ own: telling(status).url })).to.equal(status);
    }
  });
});

describe('requestStatus, without a word', () => {
  for (const httpStatus of [400, 401, 403, 404, 410, 429, 500, 502, 503]) {
    const retryable = httpStatus !== 404 && httpStatus !== 410;
    it(`${httpStatus}: ${retryable ? 'may be asked again' : 'nothing is left to ask for'}`, async () => {
      const detail = await failure({ own: endpoint(`${httpStatus}`).url });
      expect(detail).to.deep.include({ code: 'status-unavailable', httpStatus, retryable });
      expect(detail).to.not.have.property('retryAfter');
    });
  }

  it('knows a refusal that comes with a long page by its status', async () => {
    for (const httpStatus of [401, 404, 410, 500]) {
      const detail = await failure({ own: endpoint(`${httpStatus}-long`).url });
      expect(detail).to.deep.include({ code: 'status-unavailable', httpStatus });
      expect(detail.retryable).to.equal([401, 500].includes(httpStatus));
    }
  });

  it('tells how long the backend wants to be left alone', async () => {
    for (const status of [429, 503]) {
      const { retryAfter } = await failure({ own: `${endpoint(`${status}`).url}?retry-after=7` });
      expect(retryAfter).to.equal(7);
    }
    const { url } = endpoint('cors-429', await elsewhere());
    expect((await failure({ statusUrl: `${url}?retry-after=7` })).retryAfter).to.equal(7);
    expect(await failure({ own: `${endpoint('500').url}?retry-after=7` })).to.not.have.property(
      'retryAfter',
    );
  });

  const bodies: Record<string, string> = {
    'broken JSON': '{"status":"Appro',
    'JSON null': 'null',
    'a list': '["Approved"]',
    'a number': '5',
    'a text': '"Approved"',
    'no status': '{"state":"Approved"}',
    'a number as status': '{"status":5}',
    'null as status': '{"status":null}',
    'an object as status': '{"status":{"toString":"Approved"}}',
    'an empty status': '{"status":""}',
    'a blank status': '{"status":" \\n"}',
  };
  const failing: [name: string, asked: () => Asked | Promise<Asked>][] = [
    ...Object.entries(bodies).map(([name, body]): [string, () => Asked] => [
      name,
      () => ({ own: `${endpoint('json').url}?body=${encodeURIComponent(body)}` }),
    ]),
    ['HTML, after a redirect to a login page', () => ({ own: endpoint('login').url })],
    ['an empty body', () => ({ own: endpoint('empty').url })],
    ['204', () => ({ own: endpoint('204').url })],
    ['a body of 70 kB', () => ({ own: endpoint('200-long').url })],
    ['a body without an end', () => ({ own: endpoint('flood').url })],
    ['a body that is cut', () => ({ own: endpoint('half').url })],
    ['a connection that breaks', () => ({ own: endpoint('reset').url })],
    ['no answer in time', () => ({ own: endpoint('silence').url, timeout: 50 })],
    ['no end of the answer in time', () => ({ own: endpoint('endless').url, timeout: 100 })],
    [
      'another origin without CORS',
      async () => ({
        statusUrl: telling('Approved', 'json', await elsewhere()).url,
      }),
    ],
    ['user info in status-url', () => ({ statusUrl: 'https://a:b@shop.example/' })],
    [
      'headers that throw',
      () => ({
        own: telling('Approved').url,
        headers: () => Promise.reject(new Error('no token')),
      }),
    ],
    [
      'headers that never come',
      () => ({
        ...{ own: telling('Approved').url, timeout: 50 },
        headers: () => new Promise<never>(() => undefined),
      }),
    ],
    [
      'half a character in the session’s id',
      () => ({
        ...{ statusUrl: '/status/{session_id}', sessionId: '\ud800' },
      }),
    ],
    [
      'a function that throws',
      () => ({
        statusResolver: () => {
          throw new Error('boom');
        },
      }),
    ],
    [
      'a function that rejects',
      () => ({ statusResolver: () => Promise.reject(new Error('boom')) }),
    ],
    ['a function that gives nothing', () => ({ statusResolver: (() => undefined) as never })],
    [
      'a function that gives an object',
      () => ({
        statusResolver: (() => ({ status: 'Approved' })) as never,
      }),
    ],
    [
      'a function that never ends',
      () => ({
        ...{ statusResolver: () => new Promise<never>(() => undefined), timeout: 50 },
      }),
    ],
  ];
  for (const [name, asked] of failing) {
    it(`is status-unavailable, to be asked again, for ${name}`, async () => {
      const detail = await failure(await asked());
      expect(detail.code).to.equal('status-unavailable');
      expect(detail.retryable).to.equal(true);
      expect(detail).to.not.have.any.keys('httpStatus', 'retryAfter');
    });
  }

  it('holds no connection open, however an answer goes on', async () => {
    for (const behaviour of ['500-endless', '404-endless', 'flood']) {
      const { url, closed } = endpoint(behaviour);
      await failure({ own: url });
      expect(await closed(), behaviour).to.have.length(1);
    }
  });

  it('tells the developer what was thrown underneath', async () => {
    const cause = new Error('boom');
    const detail = await failure({ statusResolver: () => Promise.reject(cause) });
    expect(detail.cause).to.equal(cause);
  });
});

describe('requestStatus, aborted', () => {
  const reason = new Error('not wanted any more');

  const slow: Record<string, () => Asked> = {
    'an answer': () => ({ own: endpoint('silence').url }),
    'the author’s function': () => ({ statusResolver: () => new Promise<never>(() => undefined) }),
    'the author’s headers': () => ({
      ...{ own: telling('Approved').url, headers: () => new Promise<never>(() => undefined) },
    }),
  };
  for (const [name, asked] of Object.entries(slow)) {
    it(`rejects with the signal’s reason while it waits for ${name}`, async () => {
      const controller = new AbortController();
      const pending = ask(asked(), controller.signal).catch((error: unknown) => error);
      await nextTask();
      controller.abort(reason);
      expect(await pending).to.equal(reason);
    });
  }

  it('rejects with the signal’s reason while it waits for the end of an answer', async () => {
    const controller = new AbortController();
    const fetchSpy = sinon.spy(window, 'fetch');
    try {
      const asked = { own: endpoint('endless').url };
      const pending = ask(asked, controller.signal).catch((error: unknown) => error);
      await nextTask();
      await fetchSpy.firstCall.returnValue;
      controller.abort(reason);
      expect(await pending).to.equal(reason);
    } finally {
      fetchSpy.restore();
    }
  });

  it('asks nobody where the signal has aborted', async () => {
    const statusResolver = sinon.fake.resolves('Approved');
    const error = await ask({ statusResolver }, AbortSignal.abort(reason)).catch(
      (each: unknown) => each,
    );
    expect(error).to.equal(reason);
    expect(statusResolver.called).to.equal(false);
  });

  it('tells the author’s function, after its time as well', async () => {
    let given: AbortSignal | undefined;
    const statusResolver = ({ signal }: { signal: AbortSignal }) => {
      given = signal;
      return new Promise<never>(() => undefined);
    };
    await failure({ statusResolver, timeout: 20 });
    expect(given!.aborted).to.equal(true);
  });
});

describe('hasStatus', () => {
  const options = { withCredentials: false, timeout: 5000 };
  const statusUrl = 'https://shop.example/status';
  const [without, having] = [sampleSession(), sampleSession({ statusUrl })];

  it('is so where anybody can be asked', () => {
    expect(hasStatus(without, options)).to.equal(false);
    expect(hasStatus(without, { ...options, statusUrl: '' })).to.equal(false);
    expect(hasStatus(having, options)).to.equal(true);
    expect(hasStatus(without, { ...options, statusUrl })).to.equal(true);
    expect(hasStatus(without, { ...options, statusResolver: () => 'approved' })).to.equal(true);
  });

  it('does not count a stream of events', () => {
    const session = sampleSession({ eventsUrl: 'https://shop.example/events' });
    expect(hasStatus(session, options)).to.equal(false);
  });
});

describe('refused', () => {
  it('tells what was answered, for the stream of events as well', () => {
    const headers = { 'Retry-After': '9' };
    const { detail } = refused(new Response(null, { status: 503, headers }));
    expect(detail).to.deep.include({ code: 'status-unavailable', httpStatus: 503, retryAfter: 9 });
    expect(detail.message).to.contain('503');
  });
});
