import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkApiUrl, checkFunctions, demand, isText } from '../../src/server/option-checks.js';

describe('demand', () => {
  it('passes over what is right', () => {
    assert.doesNotThrow(() => demand(true, 'scope must be a string'));
  });

  it('throws a TypeError that says whose option is wrong', () => {
    assert.throws(() => demand(false, 'scope must be a string'), {
      name: 'TypeError',
      message: 'didit-verify/server: scope must be a string.',
    });
  });
});

describe('isText', () => {
  for (const text of ['a', ' a ', '0', '\u0000']) {
    it(`takes ${JSON.stringify(text)}`, () => {
      assert.equal(isText(text), true);
    });
  }

  for (const other of ['', ' ', '\t\n', undefined, null, 0, 1, true, {}, ['a'], () => 'a']) {
    it(`does not take ${JSON.stringify(other) ?? typeof other}`, () => {
      assert.equal(isText(other), false);
    });
  }
});

describe('checkFunctions', () => {
  const NAMES = ['getUser', 'log'] as const;

  it('takes functions, and options that are not there', () => {
    assert.doesNotThrow(() => checkFunctions({}, NAMES));
    assert.doesNotThrow(() => checkFunctions({ getUser: undefined, log: () => 1 }, NAMES));
    assert.doesNotThrow(() => checkFunctions({ getUser: class {}, log: async () => 1 }, NAMES));
  });

  for (const value of [null, 'a-value', 5, {}, [], false]) {
    it(`refuses ${JSON.stringify(value)}, by the name of the option`, () => {
      assert.throws(() => checkFunctions({ getUser: () => 1, log: value }, NAMES), {
        name: 'TypeError',
        message: 'didit-verify/server: log must be a function.',
      });
    });
  }

  it('looks at no other option', () => {
    const options: Record<string, unknown> = { scope: 'names' };
    assert.doesNotThrow(() => checkFunctions(options, NAMES));
  });
});

describe('checkApiUrl', () => {
  const TAKEN: [string, string][] = [
    ['https://apx.didit.me', 'https://apx.didit.me'],
    ['https://apx.didit.me/', 'https://apx.didit.me'],
    ['HTTPS://APX.didit.me:443', 'https://apx.didit.me'],
    ['https://proxy.example/didit/', 'https://proxy.example/didit'],
    ['https://proxy.example/didit', 'https://proxy.example/didit'],
    ['https://proxy.example/didit//', 'https://proxy.example/didit'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://didit.localhost:8080/', 'http://didit.localhost:8080'],
    ['http://127.0.0.1:1', 'http://127.0.0.1:1'],
    ['http://127.9.8.7:1', 'http://127.9.8.7:1'],
    ['http://[::1]:1', 'http://[::1]:1'],
  ];
  for (const [given, taken] of TAKEN) {
    it(`takes ${given}`, () => {
      assert.equal(checkApiUrl(given), taken);
    });
  }

  const REFUSED: [string, unknown][] = [
    ['http', 'http://apx.didit.me'],
    ['an address that only looks like loopback', 'http://127.0.0.1.evil.example'],
    ['another name that ends like loopback', 'http://notlocalhost'],
    ['another name that begins like loopback', 'http://localhost.evil.example'],
    ['any address of this machine', 'http://0.0.0.0:8080'],
    ['another IPv6 address', 'http://[::2]:8080'],
    ['a relative one', '/auth'],
    ['a bare host', 'apx.didit.me'],
    ['an empty one', ''],
    ['one that is no string', new URL('https://apx.didit.me')],
    ['nothing', undefined],
    ['null', null],
    ['another scheme on loopback', 'ftp://localhost'],
    ['a script', 'javascript:alert(1)'],
    ['a user and a password', 'https://user:password@apx.didit.me'],
    ['a user alone', 'https://user@apx.didit.me'],
    ['a password alone', 'https://:password@apx.didit.me'],
    ['a query', 'https://apx.didit.me/?a=b'],
    ['a fragment', 'https://apx.didit.me/#a'],
  ];
  for (const [what, value] of REFUSED) {
    it(`refuses ${what}, quoting nothing of it`, () => {
      assert.throws(
        () => checkApiUrl(value),
        (error) => {
          assert.ok(error instanceof TypeError);
          assert.match(error.message, /^didit-verify\/server: apiUrl must be an https URL/);
          assert.doesNotMatch(error.message, /apx|evil|user:|password|alert|ftp/);
          return true;
        },
      );
    });
  }
});
