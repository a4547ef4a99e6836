/**
 * The element in every state, by what can bring it about: functions of the page give its sessions,
 * and nobody is asked for anything.
 */

/** Whoever scans it comes to Didit’s front page. */
const URL_SHOWN = 'https://didit.me/#a-code-of-the-demo-that-leads-nowhere';

/** The encoder fails on this one alone: see `breakEncoder()`. */
const URL_NOT_DRAWN = 'https://didit.me/#not-drawn';

const never = () => new Promise(() => {});
const session = (more) => ({ session_id: crypto.randomUUID(), url: URL_SHOWN, ...more });
const has = (more) => ({ resolver: () => session(more) });
const stands = (status) => has({ status });
const answers = (status, headers) => ({
  resolver: () => new Response('{}', { status, headers }),
});
const fails = (resolver, more) => ({ resolver, ...more });

/** Presses what is in the element, as a person would, and gives the focus back. */
async function press(tag, part) {
  const focused = document.activeElement;
  tag.shadowRoot.querySelector(`[part=${part}]`).click();
  // Of the press, of what it leads to, and of where the focus goes.
  for (let update = 0; update < 3; update++) await tag.updateComplete;
  if (document.activeElement === tag && focused !== tag) tag.blur();
}

async function copy(tag, isAllowed) {
  const { clipboard } = navigator;
  const writeText = () => (isAllowed ? Promise.resolve() : Promise.reject(new Error('Refused.')));
  Object.defineProperty(clipboard, 'writeText', { configurable: true, value: writeText });
  const pressed = press(tag, 'copy-button');
  delete clipboard.writeText;
  await pressed;
}

const showCode = (tag) => press(tag, 'show-code-button');

export function addLogo(tag) {
  const logo = new Image();
  logo.src = '/assets/icon.svg';
  logo.alt = '';
  logo.slot = 'logo';
  tag.append(logo);
}

/** Nothing that is allowed as a URL does: it takes a page that has broken the platform. */
function breakEncoder() {
  const { encode } = TextEncoder.prototype;
  TextEncoder.prototype.encode = function (text) {
    if (text === URL_NOT_DRAWN) throw new Error('Broken by the page.');
    return encode.call(this, text);
  };
}

breakEncoder();

/** The first session has ended, and the next one never comes. */
function endedOnce() {
  const statuses = ['Expired'];
  return () => {
    const status = statuses.pop();
    return status ? session({ status }) : never();
  };
}

/**
 * `state`, and `code` where it is an error; `more` tells apart what is in the same state, and `note`
 * says how it comes about, code between backticks. `props` are
 * made anew for each element, `act` follows once it is in that state.
 */
export const groups = [
  {
    title: 'Before the scan',
    samples: [
      {
        state: 'idle',
        more: 'manual',
        note: 'Nothing is asked for yet: `manual` is set, or the form was reset.',
        props: () => ({ ...has(), manual: true }),
      },
      {
        state: 'idle',
        more: 'disabled',
        note: 'Switched off as a form control: neither code nor button, and nothing is asked for.',
        props: () => ({ ...has(), disabled: true }),
      },
      {
        state: 'loading',
        note: 'The backend is asked for a session. A code whose end has passed unseen looks like this, too, until its status is known.',
        props: () => ({ ...fails(never), timeout: 1e9 }),
      },
      {
        state: 'ready',
        note: 'The code can be scanned. A new one takes its place shortly before it ends.',
        props: () => has(),
      },
      {
        state: 'ready',
        more: 'with a logo',
        note: 'A picture in the slot `logo`, and a code that can do without its middle.',
        props: () => has(),
        act: addLogo,
      },
      {
        state: 'ready',
        more: 'last minute',
        note: 'Only where no new code follows by itself: `refresh-expired` is `manual` or `never`.',
        props: () => ({ ...has({ expires_in: 59 }), refreshExpired: 'manual' }),
        act: (tag) => tag.addEventListener('session-expired', () => tag.restart()),
      },
      {
        state: 'ready',
        more: 'link copied',
        note: 'The button beside the link was pressed.',
        props: () => has(),
        act: (tag) => copy(tag, true),
      },
      {
        state: 'ready',
        more: 'not allowed to copy',
        note: 'The browser refused: the link can be copied by hand.',
        props: () => has(),
        act: (tag) => copy(tag, false),
      },
      {
        state: 'ready',
        more: 'on a phone',
        note: 'Where the main pointer is a finger, the link comes first. Played here, also with a mouse.',
        touch: true,
        props: () => has(),
      },
      {
        state: 'ready',
        more: 'on a phone, code shown',
        note: '“Show the code” was pressed, for another device.',
        touch: true,
        props: () => has(),
        act: showCode,
      },
    ],
  },
  {
    title: 'On the phone',
    samples: [
      {
        state: 'in-progress',
        note: 'The phone has opened the session. From here on only a status ends it.',
        props: () => stands('retrieved'),
      },
      {
        state: 'in-progress',
        more: 'code shown again',
        note: '“Show the code” was pressed: the scan went wrong, or it was the wrong phone.',
        props: () => stands('retrieved'),
        act: showCode,
      },
      {
        state: 'in-progress',
        more: 'on a phone',
        note: 'The way back to Didit stays open. Played here, also with a mouse.',
        touch: true,
        props: () => stands('retrieved'),
      },
    ],
  },
  {
    title: 'The end',
    samples: [
      {
        state: 'approved',
        note: 'Confirmed, and decided by the backend.',
        props: () => stands('Approved'),
      },
      {
        state: 'declined',
        note: 'The person, or Didit, has said no.',
        props: () => stands('Declined'),
      },
      {
        state: 'in-review',
        note: 'Somebody at Didit looks at it; the backend hears the rest.',
        props: () => stands('In Review'),
      },
      {
        state: 'cancelled',
        note: 'By `cancel()`, or on the phone.',
        props: () => stands('Cancelled'),
      },
      {
        state: 'expired',
        note: 'Its time is over: `refresh-expired` is `manual`, or there were five codes already.',
        props: () => ({ ...stands('Expired'), refreshExpired: 'manual' }),
      },
      {
        state: 'expired',
        more: 'for good',
        note: 'With `refresh-expired="never"` there is nothing to press.',
        props: () => ({ ...stands('Expired'), refreshExpired: 'never' }),
      },
      {
        state: 'expired',
        more: 'the next one is on its way',
        note: 'A new code follows by itself, and the backend is slow.',
        props: () => ({ resolver: endedOnce(), timeout: 1e9 }),
      },
    ],
  },
  {
    title: 'Errors',
    samples: [
      {
        state: 'error',
        code: 'resolver-unreachable',
        note: 'No answer: no network, no CORS, or not an HTTP URL, as here.',
        props: () => ({ resolverUrl: 'nowhere:' }),
      },
      {
        state: 'error',
        code: 'resolver-missing',
        note: 'Started with neither `resolver-url` nor `resolver`.',
        props: () => ({}),
        starts: true,
      },
      {
        state: 'error',
        code: 'resolver-timeout',
        note: 'No complete answer within `timeout`.',
        props: () => ({ ...fails(never), timeout: 1 }),
      },
      {
        state: 'error',
        code: 'resolver-rejected',
        note: 'The backend answered 4xx: signed out, say.',
        props: () => answers(401),
      },
      {
        state: 'error',
        code: 'resolver-failed',
        note: 'The backend answered 5xx, or a function of the page threw.',
        props: () => answers(502),
      },
      {
        state: 'error',
        code: 'rate-limited',
        note: 'The backend answered 429.',
        props: () => answers(429),
      },
      {
        state: 'error',
        code: 'rate-limited',
        more: 'with Retry-After',
        note: 'The same, and it said how long to wait.',
        props: () => answers(429, { 'Retry-After': '600' }),
      },
      {
        state: 'error',
        code: 'invalid-response',
        note: 'What it answered is no session.',
        props: () => fails(() => ({})),
      },
      {
        state: 'error',
        code: 'unsafe-url',
        note: 'The URL is not https on a host of `allowed-hosts`.',
        props: () => has({ url: 'https://didit.me.example/authorize/1' }),
      },
      {
        state: 'error',
        code: 'qr-failed',
        note: 'The code could not be drawn: this page has broken the encoder for it.',
        props: () => has({ url: URL_NOT_DRAWN }),
      },
      {
        state: 'ready',
        code: 'status-unavailable',
        note: 'The status could not be had three times in a row. The page is told by an event; code and state stay.',
        props: () => ({
          ...has(),
          pollInterval: 100,
          statusResolver: () => Promise.reject(new Error('Not now.')),
        }),
      },
    ],
  },
  {
    title: 'As a button that opens a dialog',
    samples: [
      {
        state: 'idle',
        more: 'closed',
        note: '`presentation="dialog"`. The session begins when it is opened.',
        props: () => ({ ...has(), presentation: 'dialog' }),
      },
      {
        state: 'ready',
        more: 'closed',
        note: 'Closed again: the session goes on.',
        props: () => ({ ...has(), presentation: 'dialog' }),
        starts: true,
      },
      {
        state: 'in-review',
        more: 'closed',
        note: 'Nothing more to do here.',
        props: () => ({ ...stands('In Review'), presentation: 'dialog' }),
        starts: true,
      },
      {
        state: 'approved',
        more: 'closed',
        note: 'Done, also as a form control.',
        props: () => ({ ...stands('Approved'), presentation: 'dialog' }),
        starts: true,
      },
      {
        state: 'idle',
        more: 'closed, disabled',
        note: 'Switched off.',
        props: () => ({ ...has(), presentation: 'dialog', disabled: true }),
      },
    ],
  },
];

/** The first of each state. */
export const plainSamples = groups
  .flatMap(({ samples }) => samples)
  .filter(({ state }, index, all) => all.findIndex((other) => other.state === state) === index);

/** Fills a list of the states to look at. */
export function addOptions(select, chosen) {
  for (const { state } of plainSamples) {
    select.add(new Option(state, state, state === chosen, state === chosen));
  }
}

/** Puts an element in that state into a place of the page. Resolves once it is. */
export async function place(parent, sample) {
  const tag = document.createElement('didit-verify');
  Object.assign(tag, { noResume: true, ...sample.props() });
  tag.classList.toggle('touch', Boolean(sample.touch));
  if (sample.touch) asTouch(() => parent.append(tag));
  else parent.append(tag);
  if (sample.starts) void tag.start();
  await until(tag, sample.state);
  if (tag.isConnected) await sample.act?.(tag);
  return tag;
}

/** The element asks for the pointer when it comes into a page. */
function asTouch(append) {
  const { matchMedia } = window;
  const coarse = { matches: true, addEventListener() {} };
  window.matchMedia = (query) =>
    query === '(pointer: coarse)' ? coarse : matchMedia.call(window, query);
  append();
  window.matchMedia = matchMedia;
}

/** No event tells of each state; and whoever looks at something else by now is not kept waiting. */
async function until(tag, state) {
  await tag.updateComplete;
  while (tag.isConnected && !tag.matches(`:state(${state})`))
    await new Promise(requestAnimationFrame);
  await tag.updateComplete;
}
