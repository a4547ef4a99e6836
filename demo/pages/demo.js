const find = (id) => document.getElementById(id);
const widget = document.querySelector('didit-verify');
const phone = find('phone');
const play = find('play');
const resolverUrl = widget.getAttribute('resolver-url');

/** A line of the log. Whatever it tells is shown as text. */
function write(source, type, detail = {}) {
  const line = document.createElement('li');
  line.dataset.source = source;
  const time = document.createElement('time');
  time.textContent = new Date().toLocaleTimeString([], { hour12: false });
  const who = document.createElement('b');
  who.textContent = source;
  const what = document.createElement('strong');
  what.textContent = type;
  const data = document.createElement('code');
  data.textContent = Object.entries(detail)
    .map(([key, value]) => `${key}: ${value instanceof Date ? value.toISOString() : value}`)
    .join('\n');
  line.append(time, who, what, data);
  find('log').prepend(line);
}

// The page's half: two events are all that a page needs.

widget.addEventListener('session-created', ({ detail }) => {
  write('page', 'session-created', detail);
  putDown();
  play.disabled = false;
});

widget.addEventListener('error', ({ detail }) => {
  write('page', 'error', detail);
  putDown();
});

// The backend's half, as its own log tells it.

new EventSource('/api/demo/log').addEventListener('message', ({ data }) => {
  const { source, type, at, correlationId, ...detail } = JSON.parse(data);
  write(source, type, detail);
});

const { mode } = await (await fetch('/api/demo')).json();
find('mode').textContent =
  mode === 'sandbox' ? 'Local sandbox: no account, no real data' : 'The real Didit';
find('mode').hidden = false;
find('phone-panel').hidden = mode !== 'sandbox';

// The phone.

function putDown() {
  play.disabled = true;
  phone.hidden = true;
  phone.removeAttribute('src');
  find('lock').hidden = false;
}

play.addEventListener('click', () => {
  if (!widget.session) return;
  phone.src = widget.session.url;
  phone.hidden = false;
  find('lock').hidden = true;
});

// The settings.

find('settings').addEventListener('change', ({ currentTarget }) => {
  const settings = new FormData(currentTarget);
  widget.scope = settings.getAll('scope').join(' ') || undefined;
  widget.theme = settings.get('theme');
});

const actions = {
  restart() {
    widget.resolverUrl = resolverUrl;
    void widget.restart();
  },
  async cancel() {
    await widget.cancel();
    putDown();
  },
  fail() {
    widget.resolverUrl = '/api/nothing-here';
  },
};

find('settings').addEventListener('click', ({ target }) => {
  actions[target.dataset.action]?.();
});
