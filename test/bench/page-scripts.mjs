/** Functions whose source runs in pages. */

/**
 * Looks in each animation frame whether it is there: then it is in the picture that the frame ends
 * with, and a message posted there comes when that picture is handed over. `inFrame`: what renders in
 * animation frames itself, and so may come into the picture after the look.
 */
export function watch(shown, path, inFrame) {
  const from = performance.now();
  const place = document.querySelector('main');
  globalThis.measured = new Promise((resolve) => {
    const tell = (to) => {
      const [session] = performance.getEntriesByName(new URL(path, location).href);
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

/** Milliseconds that a classic script takes. */
export function evaluate(source) {
  const script = document.createElement('script');
  script.textContent = source;
  const from = performance.now();
  document.head.append(script);
  return performance.now() - from;
}

/** Elements and paths of the drawing of a code, wherever in shadow trees it is. */
export function countNodes() {
  const find = (root) => {
    const drawing = root.querySelector('svg.code, svg:has(circle), canvas');
    const hosts = [...root.querySelectorAll('*')].filter(({ shadowRoot }) => shadowRoot);
    return drawing ?? hosts.map(({ shadowRoot }) => find(shadowRoot)).find(Boolean);
  };
  const drawing = find(document);
  const inside = drawing.querySelectorAll('*');
  return { all: 1 + inside.length, paths: drawing.querySelectorAll('path').length };
}

/** Milliseconds for one of the texts; `value`: the attribute of an element that encodes them. */
export async function drawTexts({ texts, level, value }) {
  const [element] = document.querySelector('main').children;
  const draw = value ? await updater() : drawer();
  const from = performance.now();
  for (const text of texts) await draw(text);
  return (performance.now() - from) / texts.length;

  async function updater() {
    if ('errorCorrection' in element) element.errorCorrection = level;
    await element.updateComplete;
    return (text) => {
      // Lit says when it has updated; Stencil's element has an event.
      const isLit = 'updateComplete' in element;
      const rendered =
        !isLit &&
        new Promise((done) => element.addEventListener('codeRendered', done, { once: true }));
      element[value] = text;
      return isLit ? element.updateComplete : rendered;
    };
  }

  function drawer() {
    const svg = element.shadowRoot.querySelector('svg.code');
    const [rect, path] = ['rect', 'path'].map((name) => svg.querySelector(name));
    return (text) => {
      const code = globalThis.ours.encodeQr(text);
      svg.setAttribute('viewBox', `0 0 ${code.size} ${code.size}`);
      rect.setAttribute('width', code.size);
      rect.setAttribute('height', code.size);
      path.setAttribute('d', code.path);
    };
  }
}

/** For what renders in animation frames: they come as soon as the task is over. */
export function framesAtOnce() {
  globalThis.requestAnimationFrame = (callback) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => callback(performance.now());
    channel.port2.postMessage(null);
    return 0;
  };
}
