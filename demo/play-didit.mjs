import { createSandbox } from 'didit-verify/sandbox';
import { mount } from 'hono/mount';
import { randomUUID } from 'node:crypto';

const SESSION_SECONDS = 900;
const SHORT_SESSION_SECONDS = 30;

/**
 * Made-up accounts, and Didit's part played on this very server, over HTTP all the same.
 *
 * @returns options of `createDidit`, by the last part of the path that they are to be mounted at
 */
export function playDidit(app, origin, log) {
  const client = { clientId: 'demo', clientSecret: randomUUID() };
  const apiKey = randomUUID();
  const create = (options) =>
    createSandbox({ ...client, apiKey, log, applicationName: 'Demo shop', ...options });

  const sandbox = create({ sessionLifetime: SESSION_SECONDS });
  for (const path of ['/auth/*', '/authorize/*', '/v3/*', '/session/*']) {
    app.all(path, (context) => sandbox.fetch(context.req.raw));
  }
  const shortUrl = `${origin}/short`;
  const short = create({ publicUrl: shortUrl, sessionLifetime: SHORT_SESSION_SECONDS });
  app.all('/short/*', mount(short.fetch));

  return {
    session: { ...client, apiUrl: origin, sessionLifetime: SESSION_SECONDS },
    short: {
      ...client,
      apiUrl: shortUrl,
      sessionLifetime: SHORT_SESSION_SECONDS,
      // Two codes a minute for as long as somebody watches.
      limit: () => true,
    },
    verification: {
      apiKey,
      workflowId: 'demo',
      apiUrl: origin,
      sessionLifetime: SESSION_SECONDS,
      // The page that it leads to has to know whose session it is to find again.
      sessionFields: () => ({ callback: `${origin}/?endpoint=verification` }),
    },
  };
}
