/** What somebody would write by hand: no checks, no limits, nothing after the create. */
import { json } from 'node:stream/consumers';
import { apiUrl, clientId, clientSecret, scope as ownScope, userOf } from './site.mjs';

/** Didit's answer to the token request, `{ access_token, expires_in }`. */
export async function requestToken() {
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const response = await fetch(`${apiUrl}/auth/v2/token/`, {
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

/** A request listener that creates sessions; `getToken` gives the client token. */
export function plainListener(getToken) {
  return async (request, response) => {
    try {
      const vendor_data = userOf(request.headers.cookie);
      if (!vendor_data) return send(response, 401, { message: 'Sign in first.' });
      const { scope = ownScope } = await json(request);
      const { session_id, url } = await createSession(await getToken(), { scope, vendor_data });
      send(response, 201, { session_id, url });
    } catch {
      send(response, 502, { message: 'Something went wrong.' });
    }
  };
}

async function createSession(token, fields) {
  const response = await fetch(`${apiUrl}/auth/v2/session/`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(fields),
  });
  if (!response.ok) throw new Error(`session: ${response.status}`);
  return response.json();
}

function send(response, status, body) {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
