import { requestToken } from './plain.mjs';

let token;
let endsAt = 0;

/** The client token, kept until it ends. */
export function cachedToken() {
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
