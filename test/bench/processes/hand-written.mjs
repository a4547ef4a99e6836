/** The smallest equivalent: the client token is kept until it ends. */
import { cachedToken } from './cached-token.mjs';
import { plainListener } from './plain.mjs';
import { serve } from './serve.mjs';

serve(plainListener(cachedToken));
