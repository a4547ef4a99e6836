/* global console */

/** What is a site's own, in the recipes: here a cookie is the login, and a line put out the record. */

export function userOf(request) {
  const [, id] = /\buser=([\w-]+)/.exec(request.headers.get('Cookie') ?? '') ?? [];
  return id ? { id } : null;
}

export function linkSession(sessionId, user) {
  tell({ type: 'your-site.linked', sessionId, user });
}

export function saveDecision(decision, { sessionId, vendorData: user, status, source }) {
  tell({ type: 'your-site.decided', sessionId, user, status, source });
}

function tell(event) {
  console.log(JSON.stringify(event));
}
