import { streamSSE } from 'hono/streaming';

/** The element may be faster than the stream of its page. */
const RECENT_MS = 1000;

/** How many lines are kept for pages that did not listen. */
const MOST_KEPT = 500;

/** What backend and sandbox tell, passed on to every open page as server-sent events. */
export function createLog() {
  const pages = new Set();
  const kept = [];
  // The time, but never the same twice: so it also orders what was told before a restart.
  let lastId = 0;
  return {
    from: (source) => (told) => {
      lastId = Math.max(lastId + 1, Date.now());
      const message = { id: lastId, data: JSON.stringify({ source, ...told }) };
      kept.push(message);
      if (kept.length > MOST_KEPT) kept.shift();
      for (const page of pages) void page.writeSSE(message);
    },
    stream: (context) =>
      streamSSE(context, async (page) => {
        // Nobody listens to the body of a HEAD, nor ever hangs up.
        if (context.req.method === 'HEAD') return;
        pages.add(page);
        const after = lastHeard(context) || Date.now() - RECENT_MS;
        for (const message of kept) if (message.id > after) void page.writeSSE(message);
        await new Promise((resolve) => page.onAbort(resolve));
        pages.delete(page);
      }),
  };
}

/** The id that a page has come to; its browser tells it where it connects again by itself. */
function lastHeard({ req }) {
  return req.header('Last-Event-ID') || req.query('after');
}
