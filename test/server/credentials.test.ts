import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  checkCredentials,
  secretsOf,
  type DiditCredentials,
} from '../../src/server/credentials.js';
import { API_KEY, CLIENT_ID, CLIENT_SECRET, WORKFLOW_ID } from './helpers.js';

const CLIENT = { clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };
const KEY = { apiKey: API_KEY };
const VERIFICATION = { apiKey: API_KEY, workflowId: WORKFLOW_ID };

/** Whatever JavaScript without types may pass. */
function check(given: object): DiditCredentials {
  return checkCredentials(given);
}

describe('checkCredentials', () => {
  for (const [what, credentials] of Object.entries({
    'a client token': CLIENT,
    'an API key': KEY,
    'an API key and a workflow': VERIFICATION,
    'a short API key': { apiKey: '!' },
  })) {
    it(`takes ${what}`, () => {
      assert.deepEqual(check(credentials), credentials);
    });
  }

  it('gives the credentials alone, without other options', () => {
    for (const credentials of [CLIENT, KEY, VERIFICATION]) {
      assert.deepEqual(check({ ...credentials, scope: 'names', log: () => 1 }), credentials);
    }
  });

  it('takes what is undefined as not there', () => {
    assert.deepEqual(check({ ...CLIENT, apiKey: undefined, workflowId: undefined }), CLIENT);
    const noClient = { clientId: undefined, clientSecret: undefined };
    assert.deepEqual(check({ ...noClient, ...KEY, workflowId: undefined }), KEY);
  });

  const CLIENT_ID_WRONG = /clientId must be a non-empty string/;
  const CLIENT_SECRET_WRONG = /clientSecret must be a non-empty string/;
  const KEY_WRONG = /apiKey, must be non-empty/;
  const MIXED = /clientId and clientSecret do not go with apiKey or workflowId/;
  const WORKFLOW_WRONG = /workflowId must be a non-empty string/;
  const REFUSED: [string, object, RegExp][] = [
    ['none', {}, /clientId and clientSecret, or apiKey/],
    ['a clientId alone', { clientId: CLIENT_ID }, CLIENT_SECRET_WRONG],
    ['a clientSecret alone', { clientSecret: CLIENT_SECRET }, CLIENT_ID_WRONG],
    ['an empty clientId', { ...CLIENT, clientId: '' }, CLIENT_ID_WRONG],
    ['a clientId of white space', { ...CLIENT, clientId: ' ' }, CLIENT_ID_WRONG],
    ['a clientId that is no string', { ...CLIENT, clientId: 4711 }, CLIENT_ID_WRONG],
    ['a null clientId', { ...CLIENT, clientId: null }, CLIENT_ID_WRONG],
    ['a clientId with a colon', { ...CLIENT, clientId: 'client:4711' }, /clientId .* colon/],
    ['an empty clientSecret', { ...CLIENT, clientSecret: '' }, CLIENT_SECRET_WRONG],
    ['a clientSecret of white space', { ...CLIENT, clientSecret: '\n' }, CLIENT_SECRET_WRONG],
    ['a clientSecret that is no string', { ...CLIENT, clientSecret: [] }, CLIENT_SECRET_WRONG],
    ['an empty apiKey', { apiKey: '' }, KEY_WRONG],
    ['a null apiKey', { apiKey: null }, KEY_WRONG],
    ['an apiKey that is no string', { apiKey: { length: 5 } }, KEY_WRONG],
    ['an apiKey with a space', { apiKey: 'api-key of' }, KEY_WRONG],
    ['an apiKey with a line break', { apiKey: `${API_KEY}\n` }, KEY_WRONG],
    ['an apiKey beyond ASCII', { apiKey: 'clé-secrète' }, KEY_WRONG],
    ['an empty apiKey beside a workflow', { ...VERIFICATION, apiKey: '' }, KEY_WRONG],
    ['a workflowId alone', { workflowId: WORKFLOW_ID }, /workflowId .* without apiKey/],
    ['an empty workflowId alone', { workflowId: '' }, /workflowId .* without apiKey/],
    ['an empty workflowId', { ...KEY, workflowId: '' }, WORKFLOW_WRONG],
    ['a workflowId of white space', { ...KEY, workflowId: ' ' }, WORKFLOW_WRONG],
    ['a workflowId that is no string', { ...KEY, workflowId: 4711 }, WORKFLOW_WRONG],
    ['a null workflowId', { ...KEY, workflowId: null }, WORKFLOW_WRONG],
    ['a client token and an API key', { ...CLIENT, ...KEY }, MIXED],
    ['a client token and a workflow', { ...CLIENT, workflowId: WORKFLOW_ID }, MIXED],
    ['all at once', { ...CLIENT, ...VERIFICATION }, MIXED],
    ['half a client token and an API key', { clientId: CLIENT_ID, ...KEY }, MIXED],
    ['the other half and an API key', { clientSecret: CLIENT_SECRET, ...KEY }, MIXED],
    ['an empty clientSecret and an API key', { clientSecret: '', ...KEY }, MIXED],
  ];
  for (const [what, given, message] of REFUSED) {
    it(`refuses ${what}, quoting no value`, () => {
      assert.throws(
        () => check(given),
        (error) => {
          assert.ok(error instanceof TypeError);
          assert.match(error.message, message);
          assert.doesNotMatch(error.message, /4711|sécret|clé|of the site|api-key|7d0c2b1a/);
          return true;
        },
      );
    });
  }
});

describe('secretsOf', () => {
  it('gives what may be seen nowhere', () => {
    assert.deepEqual(secretsOf(CLIENT), [CLIENT_ID, CLIENT_SECRET]);
    assert.deepEqual(secretsOf(KEY), [API_KEY]);
    assert.deepEqual(secretsOf(VERIFICATION), [API_KEY]);
  });
});
