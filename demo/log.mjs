import { streamSSE } from 'hono/streaming';

const RECENT_MS = 1000;

/** What backend and sandbox tell, passed on to every open page as server-sent events. */
export function createLog() {
  const pages = new Set();
  let recent = [];
  const send = (page, event) => void page.writeSSE({ data: JSON.stringify(event) });
  return {
    from: (source) => (told) => {
      const event = { source, ...told };
      recent = [...recent, event].filter(({ at }) => at > Date.now() - RECENT_MS);
      for (const page of pages) send(page, event);
    },
    stream: (context) =>
      streamSSE(context, async (page) => {
        // Nobody listens to the body of a HEAD, nor ever hangs up.
        if (context.req.method === 'HEAD') return;
        pages.add(page);
        // The element may have been faster than this stream.
        for (const event of recent) send(page, event);
        await new Promise((resolve) => page.onAbort(resolve));
        pages.delete(page);
      }),
  };
}
