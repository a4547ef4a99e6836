import { createLog, EVENTS } from './log.js';
import { isSandbox } from './mode.js';
import { createPhone } from './phone.js';

const find = (id) => document.getElementById(id);
const settings = find('settings');
const write = createLog(find('log'));
const phone = createPhone(() => widget);

// The page's half. The element is another one on each tab, and finds the session of the last.

let widget;

function show() {
  const name = location.hash.slice(1);
  const template = find(['dialog', 'form'].includes(name) ? name : 'page');
  for (const tab of document.querySelectorAll('.tabs a')) {
    if (tab.hash === `#${template.id}`) tab.setAttribute('aria-current', 'page');
    else tab.removeAttribute('aria-current');
  }
  phone.putDown();
  const scene = template.content.cloneNode(true);
  widget = scene.querySelector('didit-verify');
  for (const type of EVENTS) widget.addEventListener(type, told);
  widget.addEventListener('click', showState);
  customElements.upgrade(scene);
  takeSettings();
  find('stage').replaceChildren(scene);
}

function told({ type, detail }) {
  write('page', type, detail ?? {});
  showState();
  if (type === 'session-created' && detail.reason !== 'resume') phone.putDown();
  phone.follow();
}

/** No event tells of `idle` and `loading`: the element takes them on with what is set or pressed. */
async function showState() {
  await widget.updateComplete;
  find('state').textContent = widget.state;
}

addEventListener('hashchange', show);

document.addEventListener('visibilitychange', () => {
  write('page', document.hidden ? 'hidden: nothing is asked' : 'shown again');
  listen();
});

find('stage').addEventListener('submit', (event) => {
  event.preventDefault();
  write('page', 'submit', Object.fromEntries(new FormData(event.target)));
});

find('stage').addEventListener('reset', () => {
  // The form resets its controls after this event.
  setTimeout(() => {
    phone.putDown();
    showState();
  });
});

// The backend's half, as its own log tells it.

let log;
let lastHeard = '';

/** While the page is shown: a browser opens only six connections to a site, over HTTP/1.1. */
function listen() {
  log?.close();
  if (document.hidden) return;
  log = new EventSource(`/api/demo/log?after=${lastHeard}`);
  log.addEventListener('message', hear);
}

function hear({ data, lastEventId }) {
  const { source, type, at, correlationId, ...detail } = JSON.parse(data);
  lastHeard = lastEventId;
  write(source, type, detail, at);
}

listen();

// The settings.

function takeSettings() {
  // What is disabled is not in the form's data.
  find('scopes').disabled = false;
  const values = new FormData(settings);
  const isVerification = values.get('endpoint') === '/api/didit/verification';
  find('scopes').disabled = isVerification;
  widget.resolverUrl = values.get('endpoint');
  // What verification asks for is set by its workflow.
  widget.scope = (!isVerification && values.getAll('scope').join(' ')) || undefined;
  widget.refreshExpired = values.get('refresh');
  widget.theme = values.get('theme');
  showState();
}

/** Didit's callback leads back to the endpoint that its session is from. */
function takeEndpoint() {
  const name = new URLSearchParams(location.search).get('endpoint');
  for (const choice of settings.elements.endpoint) {
    if (choice.value === `/api/didit/${name}`) choice.checked = true;
  }
}

settings.addEventListener('change', takeSettings);

const actions = {
  restart() {
    takeSettings();
    void widget.restart();
  },
  async cancel() {
    await widget.cancel();
    phone.putDown();
    showState();
  },
  async cut() {
    await fetch('/api/demo/cut', { method: 'POST' });
  },
  fail() {
    widget.resolverUrl = '/api/nothing-here';
    showState();
  },
};

settings.addEventListener('click', ({ target }) => {
  actions[target.dataset.action]?.();
});

const isPlayed = await isSandbox();
find('mode').textContent = isPlayed ? 'Local sandbox: no account, no real data' : 'The real Didit';
find('mode').hidden = false;
for (const part of [find('phone-panel'), find('endpoints')]) part.hidden = !isPlayed;
settings.querySelector('[data-action="cut"]').hidden = !isPlayed;
if (isPlayed) takeEndpoint();

show();
