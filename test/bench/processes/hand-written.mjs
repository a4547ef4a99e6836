/** The smallest equivalent: the client token is kept until it ends. */
import { plainListener, requestToken } from './plain.mjs';
import { serve } from './serve.mjs';

let token;
let endsAt = 0;

function cachedToken() {
  if (Date.now() >= endsAt) {
    // Who comes meanwhile waits for the same one.
    endsAt = Infinity;
    token = renew();
  }
  return token;
}

async function renew() {
  try {
    const { access_token, expires_in } = await requestToken();
    endsAt = Date.now() + expires_in * 1000;
    return access_token;
  } catch (error) {
    endsAt = 0;
    throw error;
  }
}

serve(plainListener(cachedToken));
