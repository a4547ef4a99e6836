/** Functions whose source runs in pages. */

/**
 * Run in the page. What is in the tree in an animation frame is in the picture that the frame ends
 * with; a message posted there comes when that picture is handed over. What renders in animation
 * frames may come after this look at the frame that it is painted in.
 */
export function watch(shown, inFrame) {
  const from = performance.now();
  const place = document.querySelector('main');
  globalThis.measured = new Promise((resolve) => {
    const tell = (to) => {
      const [session] = performance.getEntriesByName(new URL('/api/didit/session', location).href);
      // It may be written down after the answer is used.
      if (!session) return setTimeout(tell, 1, to);
      const resolver = session.responseEnd - session.startTime;
      resolve({ total: to - from, resolver, rest: to - session.responseEnd });
    };
    requestAnimationFrame(function look() {
      const found = shown(place);
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        if (found || (inFrame && shown(place))) tell(performance.now());
        else requestAnimationFrame(look);
      };
      channel.port2.postMessage(null);
    });
  });
}
