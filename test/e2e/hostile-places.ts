/** What a backend answers to a create. */
export interface HostileAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

const SESSION = { session_id: '1', url: 'https://app.didit.me/authorize/1' };

const session = (fields: object): HostileAnswer => ({
  body: JSON.stringify({ ...SESSION, ...fields }),
});

const refusal = (status: number, fields: object): HostileAnswer => ({
  status,
  body: JSON.stringify(fields),
});

/** As much of a text as a header can have (RFC 9110, 5.5). */
const headerOf = (text: string) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?');

/** Each place of an answer that a payload can be in. */
export const PLACES: Readonly<Record<string, (payload: string) => HostileAnswer>> = {
  // No address among them, so that the session is taken, and shown.
  'its-texts': (text) =>
    session({ session_id: text, status: text, expires_at: text, message: text, [text]: text }),
  'camel-case': (text) => ({
    body: JSON.stringify({ sessionId: text, url: SESSION.url, expiresAt: text, title: text }),
  }),
  token: (text) => ({ body: JSON.stringify({ session_id: '1', session_token: text }) }),
  times: (text) => session({ expires_in: text, expires_at: [text] }),
  types: (text) => session({ session_id: [text], url: { [text]: text } }),

  url: (url) => session({ url }),
  'url-scheme': (text) => session({ url: `${text}://app.didit.me/` }),
  'url-user': (text) => session({ url: `https://${text}@app.didit.me/` }),
  'url-host': (text) => session({ url: `https://${text}/` }),
  'url-subdomain': (text) => session({ url: `https://${text}.didit.me/` }),
  'url-after-host': (text) => session({ url: `https://app.didit.me${text}` }),
  'url-path': (text) => session({ url: `https://app.didit.me/${text}` }),
  'url-query': (text) => session({ url: `https://app.didit.me/?${text}` }),
  'url-hash': (text) => session({ url: `https://app.didit.me/#${text}` }),

  'status-url': (text) => session({ status_url: text }),
  'status-url-query': (text) => session({ status_url: `/status?${text}` }),
  'events-url': (text) => session({ events_url: text, status_url: '/status' }),

  streamed: () => session({ events_url: '/events', status_url: '/status' }),

  'error-message': (message) => refusal(400, { message }),
  'error-detail': (detail) => refusal(500, { detail }),
  'error-error': (error) => refusal(403, { error, status: error }),
  'error-title': (title) => ({
    ...refusal(429, { title, type: title }),
    headers: { 'Content-Type': 'application/problem+json' },
  }),
  'html-page': (body) => ({ headers: { 'Content-Type': 'text/html' }, body }),
  'html-error': (body) => ({ status: 502, headers: { 'Content-Type': 'text/html' }, body }),
  'its-headers': (text) => ({
    ...refusal(429, {}),
    headers: {
      'Content-Type': headerOf(text),
      'Retry-After': headerOf(text),
      Date: headerOf(text),
      Link: headerOf(text),
    },
  }),
};
