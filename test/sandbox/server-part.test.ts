import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { after, describe, test } from 'node:test';
import { createSandbox } from '../../src/sandbox/sandbox.js';
import type { DiditCredentials, DiditDecision, DiditOptions } from '../../src/server/index.js';
import {
  API_KEY,
  CLIENT_ID,
  CLIENT_SECRET,
  VENDOR_DATA,
  VERIFICATION as CREDENTIALS,
  clock as fakeClock,
  pageRequest,
  statusRequest,
} from '../server/helpers.js';
import { createDidit } from '../server/recorded-didit.js';

interface Created {
  session_id: string;
  url: string;
  status: string;
  status_url: string;
}

type Settings = Partial<Pick<DiditOptions, 'onDecision' | 'sessionFields' | 'webhookSecrets'>>;

const WEBHOOK_SECRET = 'webhook-secret';

const closing: (() => void)[] = [];
after(() => closing.forEach((close) => close()));

/** The server part, with a sandbox on the other end of its `fetch`, and the phone. */
function setUp(
  credentials: DiditCredentials,
  settings: Settings = {},
  apiUrl = 'http://localhost:4000',
) {
  const { now, pass } = fakeClock();
  const news = new EventEmitter();
  const sandbox = createSandbox({
    clientId: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    apiKey: API_KEY,
    now,
    publicUrl: apiUrl,
    webhookUrl: 'https://site.example/api/didit/webhook',
    webhookSecret: WEBHOOK_SECRET,
    webhookRetryDelays: [0],
    fetch: (input, init) => didit.webhook(new Request(input, init)),
    log: (event) => news.emit(event.type, event),
  });
  const decisions: DiditDecision[] = [];
  const paths: string[] = [];
  const didit = createDidit({
    apiUrl,
    now,
    getUser: () => ({ vendorData: VENDOR_DATA }),
    onDecision: (decision) => void decisions.push(decision),
    fetch: (input, init) => {
      const request = new Request(input, init);
      const { pathname } = new URL(request.url);
      paths.push(pathname);
      // As a server does that has the sandbox under the path of `apiUrl`.
      const inner = request.url.replace(apiUrl, 'http://localhost:4000');
      return sandbox.fetch(new Request(inner, request));
    },
    ...settings,
    ...credentials,
  });
  closing.push(didit.close, sandbox.close);

  const create = async (): Promise<Created> => {
    const response = await didit.session(pageRequest());
    assert.equal(response.status, 201);
    return (await response.json()) as Created;
  };
  const status = async ({ status_url }: Created) => {
    pass(60);
    const response = await didit.session(statusRequest(status_url));
    return ((await response.json()) as { status: string }).status;
  };
  const phone = ({ url }: Created, action?: string) => {
    const body = action === undefined ? {} : { body: new URLSearchParams({ action }) };
    const method = action === undefined ? 'GET' : 'POST';
    const inner = url.replace(apiUrl, 'http://localhost:4000');
    return sandbox.fetch(new Request(inner, { method, ...body }));
  };
  return { create, status, phone, decisions, paths, didit, sandbox, news, pass };
}

describe('verification', () => {
  test('from a new session to a decision that is taken up', async () => {
    const { create, status, phone, decisions, paths } = setUp(CREDENTIALS);
    const created = await create();
    assert.equal(created.status, 'Not Started');
    assert.equal(await status(created), 'Not Started');
    await phone(created);
    assert.equal(await status(created), 'In Progress');
    assert.equal(decisions.length, 0);
    await phone(created, 'approve');
    assert.equal(await status(created), 'Approved');
    assert.equal(decisions.length, 1);
    const [decision] = decisions;
    assert.equal(decision?.session_id, created.session_id);
    assert.equal(decision.vendor_data, VENDOR_DATA);
    const [{ full_name }] = decision.id_verifications as [{ full_name: string }];
    assert.equal(full_name, 'Alex Sample');
    // No call lost its last slash, and with it its key.
    for (const path of paths) assert.match(path, /^\/v3\/session\/([\w-]+\/decision\/)?$/);
  });

  for (const [action, end] of [
    ['approve', 'Approved'],
    ['decline', 'Declined'],
  ] as const) {
    test(`a review that ends as ${end} is decided twice`, async () => {
      const { create, status, phone, decisions } = setUp(CREDENTIALS);
      const created = await create();
      await phone(created, 'review');
      assert.equal(await status(created), 'In Review');
      await phone(created, action);
      assert.equal(await status(created), end);
      assert.deepEqual(
        decisions.map((decision) => decision.status),
        ['In Review', end],
      );
    });
  }

  test('a review that sends the person back goes on', async () => {
    const { create, status, phone } = setUp(CREDENTIALS);
    const created = await create();
    await phone(created, 'review');
    assert.equal(await status(created), 'In Review');
    await phone(created, 'resubmit');
    assert.equal(await status(created), 'Resubmitted');
    await phone(created);
    assert.equal(await status(created), 'In Progress');
  });

  test('a person who asks again while one is under way gets that one', async () => {
    const { create, status, phone } = setUp(CREDENTIALS);
    const first = await create();
    await phone(first);
    assert.equal(await status(first), 'In Progress');
    const second = await create();
    assert.deepEqual([second.session_id, second.url], [first.session_id, first.url]);
    assert.equal(second.status, 'In Progress');
    await phone(first, 'approve');
    assert.equal(await status(second), 'Approved');
    assert.notEqual((await create()).session_id, first.session_id);
  });

  test('a session ends as Expired or Abandoned', async () => {
    const { create, status, phone } = setUp(CREDENTIALS);
    const unopened = await create();
    await phone(unopened, 'expire');
    assert.equal(await status(unopened), 'Expired');
    const opened = await create();
    await phone(opened);
    await phone(opened, 'expire');
    assert.equal(await status(opened), 'Abandoned');
  });

  test('the callback comes from the site, and leads back with the session', async () => {
    const { create, phone } = setUp(CREDENTIALS, {
      sessionFields: () => ({ callback: 'https://site.example/done', language: 'de' }),
    });
    const created = await create();
    await phone(created, 'approve');
    const text = await (await phone(created)).text();
    assert.ok(
      text.includes(
        `https://site.example/done?verificationSessionId=${created.session_id}&#38;status=Approved`,
      ),
    );
  });

  test('a wrong key is refused', async () => {
    const { didit } = setUp({ ...CREDENTIALS, apiKey: 'another-key' });
    assert.equal((await didit.session(pageRequest())).status, 502);
  });
});

describe('data transfer', () => {
  for (const [name, credentials] of Object.entries({
    'a client token': { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET, scope: 'names' },
    'an API key': { apiKey: API_KEY, scope: 'names' },
  })) {
    test(`by ${name}, from a new session to a decision that is taken up`, async () => {
      const { create, status, phone, decisions } = setUp(credentials);
      const created = await create();
      await phone(created);
      assert.equal(await status(created), 'retrieved');
      await phone(created, 'confirm');
      assert.equal(await status(created), 'Confirmed');
      assert.deepEqual(Object.keys(decisions[0]?.user_data ?? {}), ['names']);
    });
  }
});

test('the sandbox may be under a path', async () => {
  const apiUrl = 'http://localhost:4000/under/a/path';
  const { create, status, phone, paths } = setUp(CREDENTIALS, {}, apiUrl);
  const created = await create();
  assert.ok(created.url.startsWith(`${apiUrl}/session/`));
  await phone(created, 'approve');
  assert.equal(await status(created), 'Approved');
  for (const path of paths) assert.ok(path.startsWith('/under/a/path/v3/'));
});

describe('webhooks', () => {
  const webhookSecrets = [WEBHOOK_SECRET];

  test('the server part takes them up, and decides without a page', async () => {
    const { create, sandbox, decisions, news } = setUp(CREDENTIALS, { webhookSecrets });
    const { session_id } = await create();
    const delivered = once(news, 'webhook.delivered');
    sandbox.play(session_id, 'approve');
    const [{ httpStatus, attempt }] = (await delivered) as [
      { httpStatus: number; attempt: number },
    ];
    assert.deepEqual([httpStatus, attempt], [200, 1]);
    assert.deepEqual(
      decisions.map((decision) => [decision.session_id, decision.status]),
      [[session_id, 'Approved']],
    );
  });

  test('one that the site cannot take up is sent again', async () => {
    const taken: string[] = [];
    const { create, sandbox, news } = setUp(CREDENTIALS, {
      webhookSecrets,
      onDecision: ({ status }) => {
        if (taken.push(status) === 1) throw new Error('database is away');
      },
    });
    const { session_id } = await create();
    const delivered = once(news, 'webhook.delivered');
    sandbox.play(session_id, 'decline');
    const [{ attempt }] = (await delivered) as [{ attempt: number }];
    assert.deepEqual([attempt, taken], [2, ['Declined', 'Declined']]);
  });

  test('another secret is refused, and that is the end of it', async () => {
    const { create, sandbox, news } = setUp(CREDENTIALS, { webhookSecrets: ['another'] });
    const { session_id } = await create();
    const failed = once(news, 'webhook.failed');
    sandbox.play(session_id, 'open');
    const [{ isSentAgain, httpStatus }] = (await failed) as [
      { isSentAgain: boolean; httpStatus: number },
    ];
    assert.deepEqual([isSentAgain, httpStatus], [false, 401]);
  });
});

describe('faults', () => {
  for (const [fault, status, code] of [
    [{ kind: 'unauthorized' }, 502, 'upstream-refused'],
    [{ kind: 'rate-limited', retryAfter: 7 }, 503, 'upstream-busy'],
    [{ kind: 'failing' }, 502, 'upstream-busy'],
    [{ kind: 'broken-json' }, 502, 'upstream-refused'],
    [{ kind: 'cut' }, 502, 'upstream-refused'],
  ] as const) {
    for (const credentials of [CREDENTIALS, { apiKey: API_KEY, scope: 'names' }]) {
      const api = 'workflowId' in credentials ? 'verification' : 'data transfer';
      test(`${fault.kind} in ${api} is ${status} to the page, then all is well`, async () => {
        const { didit, sandbox, pass } = setUp(credentials);
        sandbox.fail({ ...fault, times: 1 });
        const response = await didit.session(pageRequest());
        assert.equal(response.status, status);
        assert.equal(((await response.json()) as { code: string }).code, code);
        if (fault.kind === 'rate-limited') {
          assert.equal(response.headers.get('Retry-After'), '7');
          pass(7);
        }
        assert.equal((await didit.session(pageRequest())).status, 201);
      });
    }
  }
});
