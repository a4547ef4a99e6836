import { storageAt } from './redis.js';

export const WEBHOOK_SECRET = 'secret-of-the-webhook';

/** The options of every instance. Who asks says so, since nobody else can. */
export function siteOptions(diditUrl: string, redisUrl: string) {
  return {
    apiKey: 'api-key-of-the-site',
    workflowId: '7d0c2b1a-0000-4000-8000-0000000000ff',
    webhookSecrets: [WEBHOOK_SECRET],
    apiUrl: diditUrl,
    storage: storageAt(redisUrl),
    getUser: ({ headers }: Request) => ({ vendorData: headers.get('X-Person') ?? '' }),
  };
}
