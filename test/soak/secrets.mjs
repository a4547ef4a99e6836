/** Of the sandbox's webhooks, for the site that checks them and for the clients that send some, too. */
export const WEBHOOK_SECRET = 'secret-of-the-webhooks-of-the-soak';
