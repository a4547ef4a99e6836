import type { TestContext } from 'node:test';
import type { DecisionContext, DiditStorage, WebhookBody } from '../../src/server/index.js';
import { signWebhook } from '../../src/server/sign-webhook.js';
import {
  clock,
  deferred,
  type Differing,
  fakeDidit,
  json,
  options,
  pageRequest,
  recordedLog,
  SESSION_ID,
  SITE,
  statusRequest,
  VENDOR_DATA,
  VERIFICATION,
} from './helpers.js';
import { createDidit } from './recorded-didit.js';
import { sharedStore } from './stores.js';

const SECRET = 'secret-of-the-webhook';

/** Instances of one site before one Didit, on a clock that stands still. */
export function site(store: ReturnType<typeof sharedStore> = sharedStore(), didit = fakeDidit()) {
  const time = clock();
  didit.people.set(SESSION_ID, VENDOR_DATA);
  didit.set('Not Started');

  const instance = (differing: Differing = {}) => {
    const { log, types, events } = recordedLog();
    const decisions: DecisionContext[] = [];
    const parts = createDidit(
      options({
        ...VERIFICATION,
        webhookSecrets: [SECRET],
        fetch: didit.fetch,
        now: time.now,
        storage: store.storage,
        log,
        onDecision: (_, context) => void decisions.push(context),
        ...differing,
      }),
    );
    const create = async () => {
      const response = await parts.session(pageRequest());
      return ((await response.json()) as { status_url: string }).status_url;
    };
    const read = async (reference: string) => {
      const response = await parts.session(statusRequest(reference));
      return ((await response.json()) as { status?: string }).status ?? response.status;
    };
    /** What Didit's webhook does when a session has moved on; with its time, one that comes late. */
    const tell = async (status: string, more: Partial<WebhookBody> = {}) => {
      if (!more.timestamp) didit.set(status);
      const timestamp = Math.floor(time.now() / 1000);
      const body = { session_id: SESSION_ID, status, timestamp, vendor_data: VENDOR_DATA, ...more };
      const signed = await signWebhook(body, SECRET, time.now());
      return (await parts.webhook(new Request(`${SITE}/webhook`, signed))).status;
    };
    /** The messages of a stream, one after another. */
    const listen = async (test: TestContext, reference: string) => {
      const { body } = await parts.session(statusRequest(`${reference}&events`));
      const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
      test.after(() => reader.cancel());
      return async () => /"status":"(.*)"/.exec((await reader.read()).value ?? '')?.[1];
    };
    /** What its pages may have heard. */
    const heard = () =>
      events.flatMap((event) => (event.type === 'session.status' ? event.status : []));
    return { ...parts, create, read, tell, listen, decisions, types, events, heard };
  };
  return { instance, store, didit, ...time };
}

/** A gate that whoever comes first has to wait at, once it is shut. */
export function gate() {
  const [reached, opened] = [deferred(), deferred()];
  let isShut = false;
  const pass = async () => {
    if (!isShut) return;
    isShut = false;
    reached.resolve();
    await opened.promise;
  };
  return { pass, shut: () => void (isShut = true), reached: reached.promise, open: opened.resolve };
}

/** The verification API, with a gate behind which it gives what it had to say before. */
export function gatedDidit() {
  const { pass, ...hands } = gate();
  const didit: ReturnType<typeof fakeDidit> = fakeDidit({
    decision: async ({ sessionId }) => {
      const said = json(didit.decisionBody(sessionId));
      await pass();
      return said;
    },
  });
  return { didit, ...hands };
}

/** A store with a gate before what it keeps, or before what it gives. */
export function gatedStore(store: ReturnType<typeof sharedStore>, at: 'getItem' | 'setItem') {
  const { pass, ...hands } = gate();
  const { getItem, setItem } = store.storage;
  const storage: DiditStorage = {
    ...store.storage,
    getItem: async (key) => {
      if (at === 'getItem') await pass();
      return getItem(key);
    },
    setItem: async (...all) => {
      if (at === 'setItem') await pass();
      return setItem(...all);
    },
  };
  return { storage, ...hands };
}
