/** The open event streams of what it watches, to be cut as a bad network cuts them. */
export function createStreams() {
  const open = new Set();
  return {
    /** Middleware; an answer's stream counts from its first byte until it is closed. */
    async watch(context, next) {
      await next();
      const { outgoing } = context.env;
      const type = context.res.headers.get('Content-Type');
      if (type !== 'text/event-stream' || outgoing.destroyed) return;
      open.add(outgoing);
      outgoing.once('close', () => open.delete(outgoing));
    },
    /** Nobody is told: the sockets are gone. */
    cut(context) {
      const cut = open.size;
      for (const outgoing of open) outgoing.destroy();
      return context.json({ cut });
    },
  };
}
