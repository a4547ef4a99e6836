import { createDidit } from 'didit-verify/server';
import type { Case, Cases } from './symptoms.js';

const PREFIX = 'didit-verify/server: ';
const CLIENT = { clientId: 'a-client', clientSecret: 'a-secret', getUser: () => null };
const KEY = { apiKey: 'a-key', getUser: () => null };

/** Options as JavaScript, or a wrong environment, may give them. */
function thrownBy(options?: unknown): Case {
  return () => {
    try {
      (createDidit as (options: unknown) => { close(): void })(options).close();
    } catch (error) {
      if (error instanceof TypeError && error.message.startsWith(PREFIX)) {
        return error.message.slice(PREFIX.length);
      }
      throw error;
    }
    return 'nothing';
  };
}

/** “createDidit throws”. */
export const startUp: Cases = {
  'options must be an object.': thrownBy(),
  'getUser must be a function.': thrownBy({ ...CLIENT, getUser: undefined }),
  'onDecision must be a function.': thrownBy({ ...CLIENT, onDecision: true }),
  'clientId and clientSecret, or apiKey, must be non-empty strings.': thrownBy({
    getUser: () => null,
    apiKey: undefined,
  }),
  'clientId must be a non-empty string.': thrownBy({ ...CLIENT, clientId: undefined }),
  'clientSecret must be a non-empty string.': thrownBy({ ...CLIENT, clientSecret: undefined }),
  'clientId must not have a colon.': thrownBy({ ...CLIENT, clientId: 'id:secret' }),
  'clientId and clientSecret do not go with apiKey or workflowId.': thrownBy({
    ...KEY,
    clientId: '',
  }),
  'workflowId does not work without apiKey.': thrownBy({
    ...KEY,
    apiKey: undefined,
    workflowId: '1',
  }),
  'workflowId must be a non-empty string.': thrownBy({ ...KEY, workflowId: '' }),
  'apiUrl must be an https URL, or an http one on loopback, without user, query or fragment.':
    thrownBy({ ...KEY, apiUrl: 'http://sandbox:4000' }),
  'sessionFields is for verification, which needs workflowId.': thrownBy({
    ...CLIENT,
    sessionFields: () => ({}),
  }),
  'webhookSecrets is for verification, which needs workflowId.': thrownBy({
    ...CLIENT,
    webhookSecrets: ['a'],
  }),
  'webhookSecrets must be a list of strings that are not empty.': thrownBy({
    ...KEY,
    workflowId: '1',
    webhookSecrets: 'a',
  }),
  'secret must be a string or a list of them.': thrownBy({ ...CLIENT, secret: [] }),
  'secret must have at least 32 bytes.': thrownBy({ ...CLIENT, secret: 'short' }),
  'scope must be a string.': thrownBy({ ...CLIENT, scope: ['names'] }),
  'scope must be within allowedScopes.': thrownBy({
    ...CLIENT,
    scope: 'names email',
    allowedScopes: 'names',
  }),
  'allowedScopes must be a string or a list of strings.': thrownBy({ ...CLIENT, allowedScopes: 1 }),
  'allowedOrigins must be a list of exact origins such as https://shop.example.': thrownBy({
    ...CLIENT,
    allowedOrigins: ['https://shop.example/'],
  }),
  'sessionLifetime must be a positive number of seconds.': thrownBy({
    ...CLIENT,
    sessionLifetime: '300',
  }),
  'statusBudget must be a positive integer.': thrownBy({ ...CLIENT, statusBudget: '300' }),
  'storage must have the functions getItem, setItem and removeItem.': thrownBy({
    ...CLIENT,
    storage: { get: () => null, set: () => null },
  }),
  'events must be a boolean.': thrownBy({ ...CLIENT, events: 'false' }),
};
