/** What somebody would write by hand: no checks, no limits, nothing after the create but what is asked. */
import { json } from 'node:stream/consumers';
import { apiUrl, clientId, clientSecret, scope as ownScope, userOf } from './site.mjs';

const API = `${apiUrl}/auth/v2`;

/** Didit's answer to the token request, `{ access_token, expires_in }`. */
export async function requestToken() {
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const response = await fetch(`${API}/token/`, {
    method: 'POST',
    headers: {
      Authorization: `Basic ${basic}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  });
  if (!response.ok) throw new Error(`token: ${response.status}`);
  return response.json();
}

/** A request listener that creates sessions and tells their status; `getToken` gives the client token. */
export function plainListener(getToken) {
  return async (request, response) => {
    try {
      const vendor_data = userOf(request.headers.cookie);
      if (!vendor_data) return send(response, 401, { message: 'Sign in first.' });
      if (request.method === 'GET') return send(response, 200, await status(request, getToken));
      const { scope = ownScope } = await json(request);
      const { session_id, url } = await create(await getToken(), { scope, vendor_data });
      send(response, 201, { session_id, url, status_url: `?session=${session_id}` });
    } catch {
      send(response, 502, { message: 'Something went wrong.' });
    }
  };
}

async function create(token, fields) {
  const response = await fetch(`${API}/session/`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(fields),
  });
  if (!response.ok) throw new Error(`session: ${response.status}`);
  return response.json();
}

async function status(request, getToken) {
  const { searchParams } = new URL(request.url, 'http://localhost');
  const response = await fetch(`${API}/session/${searchParams.get('session')}/decision/`, {
    headers: { Authorization: `Bearer ${await getToken()}` },
  });
  if (!response.ok) throw new Error(`decision: ${response.status}`);
  const { status } = await response.json();
  return { status };
}

function send(response, status, body) {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
