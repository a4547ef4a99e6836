/**
 * Plays Didit's data transfer as fast as it can, and counts what it is asked for: `GET /counts` tells,
 * `POST /reset` begins anew.
 */
import { randomUUID } from 'node:crypto';
import { serve } from './serve.mjs';

const ACCESS_TOKEN = 'access-token-of-the-bench';
const counts = { token: 0, create: 0, status: 0, decision: 0 };

const routes = [
  ['POST', /^\/auth\/v2\/token\/$/, token],
  ['POST', /^\/auth\/v2\/session\/$/, create],
  ['GET', /^\/auth\/v2\/session\/[\w-]+\/status\/$/, status],
  ['GET', /^\/auth\/v2\/session\/([\w-]+)\/decision\/$/, decision],
  ['GET', /^\/counts$/, () => [200, counts]],
  ['POST', /^\/reset$/, reset],
];

function token() {
  counts.token += 1;
  return [200, { access_token: ACCESS_TOKEN, expires_in: 86_400 }];
}

function create({ headers }) {
  counts.create += 1;
  if (headers.authorization !== `Bearer ${ACCESS_TOKEN}`) return [401, {}];
  const session_token = randomUUID();
  const url = `https://app.didit.me/authorize/${session_token}`;
  return [201, { session_id: randomUUID(), session_token, url }];
}

function status({ headers }) {
  counts.status += 1;
  return headers['data-session-token'] ? [200, { status: 'initialized' }] : [403, {}];
}

function decision({ headers }, [, session_id]) {
  counts.decision += 1;
  if (headers.authorization !== `Bearer ${ACCESS_TOKEN}`) return [401, {}];
  return [200, { session_id, status: 'initialized', user_data: {} }];
}

function reset() {
  for (const kind of Object.keys(counts)) counts[kind] = 0;
  return [200, counts];
}

function answer(request) {
  for (const [method, path, route] of routes) {
    const match = method === request.method && path.exec(request.url);
    if (match) return route(request, match);
  }
  return [404, {}];
}

serve((request, response) => {
  // Its body is read to the end, or the connection could not be used again.
  request.resume().on('end', () => {
    const [code, body] = answer(request);
    response.writeHead(code, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  });
});
