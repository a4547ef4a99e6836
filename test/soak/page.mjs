/* global customElements, document */

/** A page whose script mounts elements, plays their phones, and takes them away, again and again. */
export const PAGE = `<!doctype html>
<title>Soak</title>
<link rel="icon" href="data:," />
<script type="module" src="/dist/didit-verify.esm.js"></script>
<main></main>
<script>(${soakPage})()</script>`;

/** Runs in the page: its source is what is sent. */
function soakPage() {
  const counts = { mounted: 0, completed: 0, removed: 0, errors: [] };
  let isRunning = false;
  let round = 0;
  let ended = Promise.resolve();

  const heard = (tag, type) =>
    new Promise((resolve, reject) => {
      tag.addEventListener(type, ({ detail }) => resolve(detail), { once: true });
      tag.addEventListener('error', ({ detail }) => reject(new Error(detail.code)), { once: true });
    });

  const phone = (id, action) => fetch(`/phone/${id}/${action}`, { method: 'POST' });

  /** One of the ways that an element is used. */
  const WAYS = [
    { path: 'data-transfer', actions: ['open', 'confirm'], state: 'approved' },
    { path: 'verification', actions: ['open', 'approve'], state: 'approved' },
    { path: 'data-transfer', actions: ['open', 'decline'], state: 'declined' },
    { path: 'verification', actions: ['open', 'review'], state: 'in-review' },
    { path: 'data-transfer', actions: ['cancel'], state: null, presentation: 'dialog' },
    { path: 'verification', actions: ['decline'], state: null },
  ];

  function mount({ path, presentation = 'inline' }) {
    const tag = document.createElement('didit-verify');
    const person = `page-${++counts.mounted}-${Math.random()}`;
    tag.setAttribute('allowed-hosts', '127.0.0.1');
    tag.setAttribute('no-resume', '');
    tag.setAttribute('poll-interval', '200');
    tag.presentation = presentation;
    tag.headers = () => ({ Person: person });
    tag.resolverUrl = `/${path}`;
    return tag;
  }

  async function use(way) {
    const tag = mount(way);
    const created = heard(tag, 'session-created');
    document.querySelector('main').append(tag);
    if (way.presentation) await tag.showModal();
    const { sessionId } = await created;
    // A node that is moved keeps its session.
    if (counts.mounted % 3 === 0) document.querySelector('main').prepend(tag);
    const completed = way.state && heard(tag, 'session-completed');
    if (!completed) tag.remove();
    for (const action of way.actions) await phone(sessionId, action);
    if (completed) {
      const { state } = await completed;
      if (state !== way.state) throw new Error(`${state} in place of ${way.state}`);
      counts.completed++;
      await tag.updateComplete;
    }
    tag.remove();
    counts.removed++;
  }

  async function run() {
    await customElements.whenDefined('didit-verify');
    for (; isRunning; round++) {
      const [one, other] = [WAYS[round % WAYS.length], WAYS[(round + 1) % WAYS.length]];
      const results = await Promise.allSettled([use(one), use(other)]);
      for (const { reason } of results) if (reason) counts.errors.push(String(reason));
    }
  }

  globalThis.soak = {
    counts,
    start() {
      isRunning = true;
      ended = run();
    },
    async pause() {
      isRunning = false;
      await ended;
      return { ...counts };
    },
  };
}
