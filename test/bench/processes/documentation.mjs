/** As Didit's documentation shows it: a client token for each session. */
import { plainListener, requestToken } from './plain.mjs';
import { serve } from './serve.mjs';

serve(plainListener(async () => (await requestToken()).access_token));
