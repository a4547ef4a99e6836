/** The server part before a verification that is played in its own process and keeps nothing itself. */
import { randomUUID } from 'node:crypto';
import { createDidit, signWebhook } from 'didit-verify/server';

const URL_OF_SITE = 'http://localhost/api/didit/session';
const SECRET = 'bench-secret-of-the-webhooks';

/** `options`: more for `createDidit`. People are told apart by their cookie. */
export function verificationSite(options) {
  const upstream = { calls: 0, word: 'Not Started' };
  const didit = createDidit({
    apiKey: 'bench-key-of-the-site',
    workflowId: 'any',
    webhookSecrets: [SECRET],
    getUser: ({ headers }) => ({ vendorData: headers.get('Cookie') }),
    limit: () => true,
    fetch: (url) => {
      upstream.calls += 1;
      return answer(url, upstream.word);
    },
    ...options,
  });
  const { session, webhook } = didit;
  return {
    session,
    /** How many calls Didit has had. */
    calls: () => upstream.calls,
    /** Creates a session of a person of its own; gives what the page gets. */
    async create(person) {
      const headers = { Cookie: person, 'Content-Type': 'application/json' };
      const request = { method: 'POST', headers, body: '{}' };
      const response = await session(new Request(URL_OF_SITE, request));
      return { person, ...(await response.json()) };
    },
    ask: ({ person, status_url }) =>
      session(new Request(URL_OF_SITE + status_url, { headers: { Cookie: person } })),
    /** What Didit says of all sessions from now on, and the webhooks that tell of some. */
    turn(word, sessions) {
      upstream.word = word;
      return Promise.all(
        sessions.map(({ session_id }) =>
          signWebhook({ session_id, status: word, event_id: randomUUID() }, SECRET),
        ),
      );
    },
    hear: (signed) => webhook(new Request(URL_OF_SITE, signed)),
  };
}

async function answer(url, status) {
  const [, session_id = randomUUID()] = /\/([\w-]+)\/decision\/$/.exec(url) ?? [];
  if (url.endsWith('/decision/')) return Response.json({ session_id, status });
  return Response.json(
    { session_id, status, url: `https://verify.didit.me/session/${session_id}` },
    { status: 201 },
  );
}
