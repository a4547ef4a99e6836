const query = new URLSearchParams(location.search);
const list = document.querySelector('ol');
const tag = document.createElement('didit-verify');

const details = {
  'session-created': ({ reason }) => [reason],
  'status-changed': ({ previousState, state }) => [previousState, state],
  'session-completed': ({ state }) => [state],
  'session-expired': ({ willRefresh }) => [willRefresh],
  error: ({ code }) => [code],
  change: () => [],
  close: () => [],
};

for (const [type, told] of Object.entries(details)) {
  tag.addEventListener(type, ({ detail }) => {
    const line = document.createElement('li');
    line.textContent = [type, ...told(detail)].join(' ');
    list.append(line);
  });
}

tag.resolverUrl = query.get('to') ?? '/api/didit/session';
tag.allowedHosts = '127.0.0.1';
tag.presentation = query.get('presentation') ?? 'inline';
tag.name = 'verification';
list.before(tag);
