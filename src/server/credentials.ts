import { demand, isText } from './option-checks.js';

/** A client token for Didit's data transfer (Didit documentation, Data transfer). */
export interface ClientCredentials {
  /** Id of the application. */
  clientId: string;
  /** Its secret; it leaves the server for Didit's token endpoint alone. */
  clientSecret: string;
  /** Not with a client's id and secret. */
  apiKey?: undefined;
  /** Not with a client's id and secret. */
  workflowId?: undefined;
}

/** An API key for Didit's data transfer, sent as `X-Api-Key`. */
export interface ApiKeyCredentials {
  /** Key of the application; it leaves the server for Didit alone. */
  apiKey: string;
  /** With one the key is for verification. */
  workflowId?: undefined;
  /** Not with an API key. */
  clientId?: undefined;
  /** Not with an API key. */
  clientSecret?: undefined;
}

/** Didit's verification, version 3 (Didit documentation, Create session). */
export interface VerificationCredentials {
  /** Key of the application; it leaves the server for Didit alone. */
  apiKey: string;
  /** Which of the application's workflows people go through. */
  workflowId: string;
  /** Not with an API key. */
  clientId?: undefined;
  /** Not with an API key. */
  clientSecret?: undefined;
}

/** How the site is known to Didit; this also says which of Didit's APIs is used. */
export type DiditCredentials = ClientCredentials | ApiKeyCredentials | VerificationCredentials;

/**
 * Checks them, and gives them alone.
 *
 * @throws TypeError for none, half of them, or two kinds at once.
 */
export function checkCredentials(
  options: Readonly<Partial<Record<keyof DiditCredentials, unknown>>>,
): DiditCredentials {
  const { clientId, clientSecret, apiKey, workflowId } = options;
  const isClient = clientId !== undefined || clientSecret !== undefined;
  if (isClient) {
    demand(
      apiKey === undefined && workflowId === undefined,
      'clientId and clientSecret do not go with apiKey or workflowId',
    );
    demand(isText(clientId), 'clientId must be a non-empty string');
    // It ends where the first colon is (RFC 7617, 2).
    demand(!clientId.includes(':'), 'clientId must not have a colon');
    demand(isText(clientSecret), 'clientSecret must be a non-empty string');
    return { clientId, clientSecret };
  }
  demand(
    apiKey !== undefined || workflowId === undefined,
    'workflowId does not work without apiKey',
  );
  // It goes into a header, where `fetch` would throw on anything else.
  demand(
    isText(apiKey) && /^[\x21-\x7e]+$/.test(apiKey),
    'clientId and clientSecret, or apiKey, must be non-empty strings',
  );
  if (workflowId === undefined) return { apiKey };
  demand(isText(workflowId), 'workflowId must be a non-empty string');
  return { apiKey, workflowId };
}

/** What must appear in no answer, error or log. */
export function secretsOf(credentials: DiditCredentials): string[] {
  const { clientId, clientSecret, apiKey } = credentials;
  return [clientId, clientSecret, apiKey].filter((secret) => secret !== undefined);
}
