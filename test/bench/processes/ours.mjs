/** The server part, mounted as the README tells. */
import { getRequestListener } from '@hono/node-server';
import { createDidit } from 'didit-verify/server';
import { serve } from './serve.mjs';
import { apiUrl, clientId, clientSecret, scope, userOf } from './site.mjs';

const { session } = createDidit({
  apiUrl,
  clientId,
  clientSecret,
  scope,
  getUser: ({ headers }) => {
    const vendorData = userOf(headers.get('Cookie'));
    return vendorData ? { vendorData } : null;
  },
  // The load comes from one person.
  limit: () => true,
});

serve(getRequestListener(session));
