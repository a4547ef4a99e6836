import { randomUUID } from 'node:crypto';

const json = (status, body) => Response.json(body, { status });

/** Plays Didit's data transfer in this process: a `fetch`, and the hand that confirms a session. */
export function diditStub() {
  const sessions = new Map();
  const routes = [
    [/\/token\/$/, () => json(200, { access_token: 'token-of-the-bench', expires_in: 86_400 })],
    [/\/session\/$/, (_, body) => json(201, create(sessions, JSON.parse(body)))],
    [/\/([\w-]+)\/status\/$/, (id) => json(200, { status: sessions.get(id).status })],
    [/\/([\w-]+)\/decision\/$/, (id) => json(200, sessions.get(id))],
  ];
  return {
    async fetch(url, { body } = {}) {
      for (const [path, answer] of routes) {
        const match = path.exec(url);
        if (match) return answer(match[1], body);
      }
      return json(404, {});
    },
    confirm: (sessionId) => void (sessions.get(sessionId).status = 'confirmed'),
  };
}

function create(sessions, { vendor_data }) {
  const session_id = randomUUID();
  const session_token = randomUUID();
  sessions.set(session_id, { session_id, vendor_data, status: 'initialized', user_data: {} });
  return { session_id, session_token, url: `https://app.didit.me/authorize/${session_token}` };
}
