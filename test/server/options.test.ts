import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createDidit } from '../../src/server/index.js';
import { checkOptions, scopeWords, type DiditOptions } from '../../src/server/options.js';
import {
  API_KEY,
  CLIENT_ID,
  CLIENT_SECRET,
  options,
  settings,
  VENDOR_DATA,
  VERIFICATION,
  WORKFLOW_ID,
} from './helpers.js';

const KEY = { apiKey: API_KEY };

const ITEM = { expiresAt: 9e15 };
const STORE = { getItem: () => null, setItem: () => null, removeItem: () => null };

/** 32 bytes, the fewest that a secret may have. */
const SECRET = 'secret-of-the-site-with-32-bytes';
const OLD_SECRET = 'the-former-secret-of-the-site-was-this';

/** Texts that are values of the wrong options below; none may be quoted. */
const VALUES = [CLIENT_ID, CLIENT_SECRET, API_KEY, WORKFLOW_ID, SECRET, 'own-value'];

function assertRefusal(error: unknown, message: RegExp): true {
  assert.ok(error instanceof TypeError);
  assert.match(error.message, /^didit-verify\/server: /);
  assert.match(error.message, message);
  for (const value of VALUES) assert.ok(!error.message.includes(value), error.message);
  return true;
}

type Wrong = [what: string, differing: Record<string, unknown>, message: RegExp];

/** Options that either part of the start refuses: {@link checkOptions}, or the client's check. */
function refuses(check: (options: DiditOptions) => unknown, wrong: Wrong[]): void {
  for (const [what, differing, message] of wrong) {
    it(`refuses ${what}, quoting no value`, () => {
      const given = { ...options(), ...differing };
      assert.throws(
        () => check(given),
        (error) => assertRefusal(error, message),
      );
    });
  }
}

describe('checkOptions', () => {
  refuses(checkOptions, [
    ['no getUser', { getUser: undefined }, /getUser must be a function/],
    ['a null getUser', { getUser: null }, /getUser must be a function/],
    ['a getUser that is no function', { getUser: { vendorData: 'x' } }, /getUser/],
    [
      'an onSession that is no function',
      { onSession: 'own-value' },
      /onSession must be a function/,
    ],
    ['an onDecision that is no function', { onDecision: true }, /onDecision must be a function/],
    ['a null onDecision', { onDecision: null }, /onDecision must be a function/],
    ['a limit that is no function', { limit: 20 }, /limit must be a function/],
    ['a now that is no function', { now: 5 }, /now must be a function/],
    ['a log that is no function', { log: console }, /log must be a function/],
    ['sessionFields that are no function', { ...VERIFICATION, sessionFields: {} }, /sessionFields/],
    [
      'sessionFields in data transfer',
      { sessionFields: () => ({}) },
      /sessionFields .* workflowId/,
    ],
    ['a scope that is no string', { scope: ['own-value'] }, /scope must be a string/],
    ['a null scope', { scope: null }, /scope must be a string/],
    ['a scope beyond allowedScopes', { scope: 'a own-value', allowedScopes: 'a' }, /allowedScopes/],
    ['a scope where nothing is allowed', { scope: 'names', allowedScopes: [] }, /scope/],
    ['allowedScopes that are no list', { allowedScopes: 5 }, /allowedScopes/],
    ['allowedScopes with a number', { allowedScopes: ['own-value', 5] }, /allowedScopes/],
    ['an empty secret', { secret: '' }, /secret must have at least 32 bytes/],
    ['a secret of 31 bytes', { secret: SECRET.slice(1) }, /secret must have at least 32 bytes/],
    ['a null secret', { secret: null }, /secret must be a string or a list/],
    ['a secret that is no string', { secret: { length: 32 } }, /secret must be a string or a list/],
    ['no secret in a list', { secret: [] }, /secret must be a string or a list/],
    ['a short secret behind a good one', { secret: [SECRET, 'own-value'] }, /secret .* 32 bytes/],
    ['a short secret before a good one', { secret: ['own-value', SECRET] }, /secret .* 32 bytes/],
    ['an empty secret in a list', { secret: [SECRET, ''] }, /secret .* 32 bytes/],
    ['nothing in a list of secrets', { secret: [SECRET, undefined] }, /secret .* 32 bytes/],
    ['a list in a list of secrets', { secret: [[SECRET]] }, /secret .* 32 bytes/],
    ['webhookSecrets that are no list', hooked('own-value'), /webhookSecrets must be a list/],
    ['an empty webhook secret', hooked(['good', '']), /webhookSecrets must be a list/],
    ['a webhook secret that is no string', hooked([5]), /webhookSecrets must be a list/],
    ['null webhookSecrets', hooked(null), /webhookSecrets must be a list/],
    [
      'webhookSecrets in data transfer',
      { webhookSecrets: ['own-value'] },
      /webhookSecrets .* workflowId/,
    ],
    ['a statusBudget of zero', { statusBudget: 0 }, /statusBudget must be a positive integer/],
    ['a negative statusBudget', { statusBudget: -1 }, /statusBudget/],
    ['half a call as statusBudget', { statusBudget: 0.5 }, /statusBudget/],
    ['an endless statusBudget', { statusBudget: Infinity }, /statusBudget/],
    ['NaN as statusBudget', { statusBudget: NaN }, /statusBudget/],
    ['a statusBudget that is no number', { statusBudget: '60' }, /statusBudget/],
    ['a null storage', { storage: null }, /storage must have the functions/],
    ['a storage that is a function', { storage: () => null }, /storage must have the functions/],
    ['a storage that is a string', { storage: 'redis://' }, /storage must have the functions/],
    ['a storage that cannot set', { storage: { ...STORE, setItem: undefined } }, /storage must/],
    ['a storage that cannot remove', { storage: { ...STORE, removeItem: 1 } }, /storage must/],
    ['a null statusBudget', { statusBudget: null }, /statusBudget/],
    ['events that are no boolean', { events: 'own-value' }, /events must be a boolean/],
    ['null events', { events: null }, /events must be a boolean/],
    ['events of zero', { events: 0 }, /events must be a boolean/],
    ['a sessionLifetime of zero', { sessionLifetime: 0 }, /sessionLifetime/],
    ['a negative sessionLifetime', { sessionLifetime: -1 }, /sessionLifetime/],
    ['an endless sessionLifetime', { sessionLifetime: Infinity }, /sessionLifetime/],
    ['a sessionLifetime that is no number', { sessionLifetime: '300' }, /sessionLifetime/],
    ['NaN as sessionLifetime', { sessionLifetime: NaN }, /sessionLifetime/],
    ['allowedOrigins that are no list', { allowedOrigins: 'https://own-value' }, /allowedOrigins/],
    ['an origin that is no page’s', { allowedOrigins: ['ftp://own-value'] }, /allowedOrigins/],
    ['an origin with a slash', { allowedOrigins: ['https://own-value/'] }, /allowedOrigins/],
    ['an origin with a path', { allowedOrigins: ['https://own-value/x'] }, /allowedOrigins/],
    ['an origin in capitals', { allowedOrigins: ['https://A.example'] }, /allowedOrigins/],
    ['an origin with its default port', { allowedOrigins: ['https://a.example:443'] }, /allowedOr/],
    ['a bare host', { allowedOrigins: ['own-value.example'] }, /allowedOrigins/],
    ['a wildcard', { allowedOrigins: ['*'] }, /allowedOrigins/],
    ['the null origin', { allowedOrigins: ['null'] }, /allowedOrigins/],
    ['a bad origin behind a good one', { allowedOrigins: ['https://a.example', '*'] }, /allowedOr/],
  ]);

  for (const nothing of [undefined, null, 'own-value', 5]) {
    it(`refuses ${nothing} in place of options`, () => {
      assert.throws(
        () => checkOptions(nothing as unknown as DiditOptions),
        (error) => assertRefusal(error, /options must be an object/),
      );
    });
  }
});

/** Verification, with these. */
function hooked(webhookSecrets: unknown): Record<string, unknown> {
  return { ...VERIFICATION, webhookSecrets };
}

/** The whole of the start: what the contract promises to refuse, wherever it is checked. */
describe('createDidit', () => {
  const NO_CLIENT = { clientId: undefined, clientSecret: undefined };
  refuses(createDidit, [
    ['no credentials', NO_CLIENT, /clientId and clientSecret, or apiKey/],
    ['a clientId without clientSecret', { clientSecret: undefined }, /clientSecret/],
    ['a clientSecret without clientId', { clientId: undefined }, /clientId/],
    [
      'a workflowId without apiKey',
      { ...NO_CLIENT, workflowId: WORKFLOW_ID },
      /workflowId .* apiKey/,
    ],
    ['both kinds of credentials', KEY, /clientId and clientSecret do not go with apiKey/],
    ['both kinds, and a workflow', VERIFICATION, /clientId and clientSecret do not go with apiKey/],
    ['an empty clientId', { clientId: '' }, /clientId/],
    ['an empty clientSecret', { clientSecret: '' }, /clientSecret/],
    ['an empty apiKey', { ...NO_CLIENT, apiKey: '' }, /apiKey/],
    ['an empty workflowId', { ...NO_CLIENT, ...KEY, workflowId: '' }, /workflowId/],
    ['an empty secret', { secret: '' }, /secret/],
    ['a short secret', { secret: 'own-value' }, /secret/],
    ['no secret in a list', { secret: [] }, /secret/],
    ['a short secret in a list', { secret: [SECRET, 'own-value'] }, /secret/],
    ['no getUser', { getUser: undefined }, /getUser/],
    ['an http apiUrl', { apiUrl: 'http://own-value.example' }, /apiUrl/],
    ['an apiUrl of another scheme', { apiUrl: 'ftp://localhost' }, /apiUrl/],
    ['an apiUrl with a user', { apiUrl: `https://${CLIENT_ID}:own-value@didit.me` }, /apiUrl/],
    ['a fetch that is no function', { fetch: 'own-value' }, /fetch must be a function/],
    [
      'sessionFields without workflowId',
      { sessionFields: () => ({}) },
      /sessionFields .* workflowId/,
    ],
    [
      'sessionFields with an API key for data transfer',
      { ...NO_CLIENT, ...KEY, sessionFields: () => ({}) },
      /sessionFields .* workflowId/,
    ],
  ]);

  it('starts with good options of each kind, and sends nothing yet', (t) => {
    const fetch = t.mock.method(globalThis, 'fetch', () => assert.fail('sent'));
    for (const credentials of [{}, KEY, VERIFICATION]) {
      const didit = createDidit(options({ ...credentials, secret: [SECRET, OLD_SECRET] }));
      assert.deepEqual(Object.keys(didit), ['session', 'webhook', 'settle', 'close']);
      didit.close();
    }
    assert.equal(fetch.mock.callCount(), 0);
  });
});

describe('checkOptions, the settings', () => {
  it('have defaults', () => {
    const { scope, allowedScopes, allowedOrigins, now, ...rest } = settings();
    assert.equal(scope, undefined);
    assert.deepEqual([...allowedScopes], []);
    assert.deepEqual([...allowedOrigins], []);
    assert.ok(Math.abs(now() - Date.now()) < 1000);
    const { sessionLifetime, storage, statusBudget, events, isVerification } = rest;
    assert.deepEqual([sessionLifetime, storage, statusBudget], [undefined, null, 300]);
    assert.deepEqual([events, isVerification], [true, false]);
    const { sessionFields, onSession, onDecision, limit, log } = rest;
    for (const hook of [sessionFields, onSession, onDecision, limit, log]) {
      assert.equal(hook, undefined);
    }
  });

  it('have the store of the site behind a face of its own', async () => {
    const { storage, now } = settings({ storage: { ...STORE, getItem: () => ITEM } });
    assert.ok(now() < ITEM.expiresAt);
    assert.equal(await storage?.get('key', () => assert.fail('nothing fails')), ITEM);
  });

  it('have the functions of the site as they are', () => {
    const hooks = {
      getUser: () => ({ vendorData: VENDOR_DATA }),
      sessionFields: () => ({ language: 'de' }),
      onSession: () => undefined,
      onDecision: () => ({ accept: true }),
      limit: () => true as const,
      log: () => undefined,
      now: () => 42,
    };
    const taken = settings({ ...VERIFICATION, ...hooks });
    for (const [name, hook] of Object.entries(hooks)) {
      assert.equal(taken[name as keyof typeof hooks], hook, name);
    }
  });

  it('allow by default what is asked for', () => {
    assert.deepEqual([...settings({ scope: 'names email' }).allowedScopes], ['names', 'email']);
  });

  it('have allowedScopes of a list or of a string, unknown ones too', () => {
    for (const allowedScopes of ['names email brand_new', ['names', 'email', 'brand_new']]) {
      const taken = settings({ scope: 'email', allowedScopes });
      assert.deepEqual([...taken.allowedScopes], ['names', 'email', 'brand_new']);
      assert.equal(taken.scope, 'email');
    }
  });

  it('have no scope for an empty one', () => {
    assert.equal(settings({ scope: '' }).scope, undefined);
  });

  it('have exact origins', () => {
    const allowedOrigins = ['https://a.example', 'http://localhost:5173'];
    assert.deepEqual([...settings({ allowedOrigins }).allowedOrigins], allowedOrigins);
  });

  it('look up the platform’s clock at each call', (t) => {
    const { now } = settings();
    t.mock.method(Date, 'now', () => 42);
    assert.equal(now(), 42);
  });
});

describe('checkOptions, secret', () => {
  it('may be one, or a list in its order', () => {
    assert.deepEqual(settings({ secret: SECRET }).secrets, [SECRET]);
    assert.deepEqual(settings({ secret: [SECRET, OLD_SECRET] }).secrets, [SECRET, OLD_SECRET]);
  });

  it('is measured in bytes, not in letters', () => {
    const secret = 'é'.repeat(16);
    assert.deepEqual(settings({ secret }).secrets, [secret]);
  });

  it('stays what it was at the start', () => {
    const secret = [SECRET];
    const { secrets } = settings({ secret });
    secret[0] = OLD_SECRET;
    secret.push('short');
    assert.deepEqual(secrets, [SECRET]);
  });

  it('comes from the credentials where there is none, however short they are', () => {
    assert.deepEqual(settings().secrets, [CLIENT_SECRET]);
    assert.deepEqual(settings(KEY).secrets, [API_KEY]);
    assert.deepEqual(settings(VERIFICATION).secrets, [API_KEY]);
    assert.deepEqual(settings({ clientSecret: 'short' }).secrets, ['short']);
  });
});

describe('checkOptions, statusBudget and events', () => {
  it('have a budget of each API by default', () => {
    assert.equal(settings(KEY).statusBudget, 300);
    assert.equal(settings(VERIFICATION).statusBudget, 60);
  });

  it('take any positive number of calls', () => {
    for (const statusBudget of [1, 60, 1_000_000]) {
      assert.equal(settings({ statusBudget }).statusBudget, statusBudget);
      assert.equal(settings({ ...VERIFICATION, statusBudget }).statusBudget, statusBudget);
    }
  });

  it('let pages listen or not', () => {
    assert.equal(settings({ events: false }).events, false);
    assert.equal(settings({ events: true }).events, true);
  });
});

describe('checkOptions, which API', () => {
  it('is verification with a workflow alone', () => {
    assert.equal(settings(KEY).isVerification, false);
    assert.equal(settings(VERIFICATION).isVerification, true);
  });

  it('tells each API and application from every other', () => {
    const audiences = [
      settings(),
      settings({ clientId: 'client-4712' }),
      settings(KEY),
      settings({ apiKey: 'another-key' }),
      settings(VERIFICATION),
      settings({ apiKey: WORKFLOW_ID }),
      settings({ ...VERIFICATION, workflowId: 'another-workflow' }),
    ].map(({ audience }) => audience);
    assert.equal(new Set(audiences).size, audiences.length);
  });

  it('is told the same by each process, whatever its other options', () => {
    const { audience } = settings(VERIFICATION);
    assert.equal(settings({ ...VERIFICATION, secret: SECRET, scope: 'names' }).audience, audience);
  });

  it('does not have the secret of the client in what it is told by', () => {
    assert.doesNotMatch(settings().audience, /cret/);
  });
});

describe('scopeWords', () => {
  it('splits at any white space', () => {
    assert.deepEqual(scopeWords(' names\temail \n phone '), ['names', 'email', 'phone']);
    assert.deepEqual(scopeWords(''), []);
  });
});
