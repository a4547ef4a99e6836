import worker from './worker.js';

export default worker;

let changed;

/** After a change of secrets alone, Cloudflare may go on with the isolate and give it another env. */
export const after = {
  fetch(request, env, context) {
    changed ??= { ...env, DIDIT_WEBHOOK_SECRET: env.CHANGED_WEBHOOK_SECRET };
    return worker.fetch(request, changed, context);
  },
};
