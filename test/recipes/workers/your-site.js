/** What the recipe leaves to the site: here the login is a cookie, and the database a server. */

/** The functions of the site that `createDidit` calls. */
export function hooks({ DATABASE }) {
  const save = async (record) => {
    const body = JSON.stringify(record);
    await DATABASE.fetch('http://database/database', { method: 'POST', body });
  };
  return {
    getUser: (request) => {
      const [, user] = /\buser=([\w-]+)/.exec(request.headers.get('Cookie') ?? '') ?? [];
      return user ? { vendorData: user } : null;
    },
    onSession: (session, { vendorData, sessionId }) =>
      save({ called: 'onSession', vendorData, sessionId }),
    onDecision: (decision, { vendorData, sessionId, source, status }) =>
      save({ called: 'onDecision', vendorData, sessionId, source, status }),
  };
}

/** The sessions whose end the site has not heard of. */
export async function unfinished({ DATABASE }) {
  const response = await DATABASE.fetch('http://database/database');
  return response.json();
}
