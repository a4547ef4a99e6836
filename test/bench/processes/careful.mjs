/**
 * By hand, with what pages and attackers meet of the server part: where a request comes from, limits of time
 * and size, and a handle that nobody else can read or forge. Sessions are not followed.
 */
import { cachedToken } from './cached-token.mjs';
import { serve } from './serve.mjs';
import { apiUrl, clientSecret, scope as ownScope, userOf } from './site.mjs';

const API = `${apiUrl}/auth/v2/session`;
const LIMIT_MS = 8000;
const MAX_BYTES = 16_384;
const IV_BYTES = 12;
const HANDLE_MS = 24 * 60 * 60_000;

const HEADERS = {
  'Content-Type': 'application/json',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

const key = await deriveKey();

serve(async (request, response) => {
  try {
    if (!isOwn(request.headers)) return send(response, 403, { code: 'forbidden' });
    const person = userOf(request.headers.cookie);
    if (!person) return send(response, 401, { code: 'unauthorized' });
    if (request.method === 'GET') return send(response, 200, await status(request, person));
    send(response, 201, await create(await bodyOf(request), person));
  } catch {
    send(response, 502, { code: 'upstream-refused' });
  }
});

function isOwn(headers) {
  const isJson = /^application\/json\b/.test(headers['content-type'] ?? 'application/json');
  return isJson && ['same-origin', 'none', undefined].includes(headers['sec-fetch-site']);
}

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > MAX_BYTES) throw new RangeError('The body is too large.');
  }
  return JSON.parse(text);
}

async function create({ scope = ownScope }, vendor_data) {
  const { session_id, session_token, url } = await didit('/', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ scope, vendor_data }),
  });
  const endsAt = Date.now() + HANDLE_MS;
  const handle = await seal(JSON.stringify([session_id, session_token, endsAt]), vendor_data);
  return { session_id, url, status: 'initialized', status_url: `?session=${handle}` };
}

async function status(request, person) {
  const { searchParams } = new URL(request.url, 'http://localhost');
  const [id, token, endsAt] = JSON.parse(await open(searchParams.get('session'), person));
  if (Date.now() >= endsAt) throw new RangeError('The handle has ended.');
  const { status } = await didit(`/${id}/status/`, { headers: { 'Data-Session-Token': token } });
  return { status };
}

async function didit(path, { headers, ...init }) {
  const response = await fetch(API + path, {
    ...init,
    headers: { ...headers, Authorization: `Bearer ${await cachedToken()}` },
    signal: AbortSignal.timeout(LIMIT_MS),
  });
  if (!response.ok) throw new Error(`Didit: ${response.status}`);
  return response.json();
}

async function deriveKey() {
  const secret = await crypto.subtle.importKey('raw', bytesOf(clientSecret), 'HKDF', false, [
    'deriveKey',
  ]);
  const hkdf = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: bytesOf('handle') };
  const aes = { name: 'AES-GCM', length: 256 };
  return crypto.subtle.deriveKey(hkdf, secret, aes, false, ['encrypt', 'decrypt']);
}

/** For nobody but this person. */
async function seal(text, person) {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const sealed = await crypto.subtle.encrypt(cipherOf(iv, person), key, bytesOf(text));
  return Buffer.concat([iv, new Uint8Array(sealed)]).toString('base64url');
}

async function open(handle, person) {
  const bytes = Buffer.from(handle, 'base64url');
  const cipher = cipherOf(bytes.subarray(0, IV_BYTES), person);
  return new TextDecoder().decode(
    await crypto.subtle.decrypt(cipher, key, bytes.subarray(IV_BYTES)),
  );
}

function cipherOf(iv, person) {
  return { name: 'AES-GCM', iv, additionalData: bytesOf(person) };
}

function bytesOf(text) {
  return new TextEncoder().encode(text);
}

function send(response, status, body) {
  response.writeHead(status, HEADERS).end(JSON.stringify(body));
}
