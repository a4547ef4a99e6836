import type { IncomingMessage } from 'node:http';
import german from '../../src/locales/de.js';
import type { StateName } from '../../src/state.js';
import type { EnginePage } from './engines.js';
import type { Answer } from './own-page.js';
import type { StrictSite } from './strict-site.js';

declare global {
  /** Code of an error that the element told of. */
  var lost: string | undefined;
}

/** What an element goes through in a page that has a backend. */
export interface Live {
  readonly markup: string;
  readonly backend: StrictSite['backend'];
  /** What a person does, and what comes of it. */
  walk(page: EnginePage): Promise<void>;
}

/** The session's address, and so the link, is Didit's: no policy has to allow a link. */
const SESSION = { session_id: '1', url: 'https://app.didit.me/authorize/1', expires_in: 600 };

/** Out of sight, without a style sheet. */
const FAR = '<svg width="10" height="5000"></svg>';

export const LIVES: Readonly<Record<string, () => Live>> = {
  'told by a stream': () => ({
    markup: tag(),
    backend: {
      '/session': () => json({ ...SESSION, status_url: '/status', events_url: '/events' }),
      '/status': () => json({ status: 'In Progress' }),
      '/events': () => stream('In Progress', 'Approved'),
    },
    walk: (page) => shows(page, 'approved', german.approved),
  }),

  'asks again and again': () => ({
    markup: tag('poll-interval="100"'),
    backend: {
      '/session': () => json({ ...SESSION, status_url: '/status' }),
      '/status': inTurn(...['Not Started', 'In Progress', 'Declined'].map(said)),
    },
    walk: (page) => shows(page, 'declined', german.declined),
  }),

  'offline while it asks, and back': () => {
    const network = { isThere: true, status: 'Not Started' };
    return {
      markup: tag('poll-interval="100"'),
      backend: {
        '/session': () => json({ ...SESSION, status_url: '/status' }),
        '/status': (request) => (network.isThere ? json(network) : cut(request)),
      },
      async walk(page) {
        await shows(page, 'ready', german.ready);
        await page.evaluate(() => {
          const element = document.querySelector('didit-verify')!;
          element.addEventListener('error', ({ detail }) => (globalThis.lost = detail.code));
        });
        network.isThere = false;
        await page.waitFor(() => globalThis.lost === 'status-unavailable');
        await shows(page, 'ready', german.ready);
        Object.assign(network, { isThere: true, status: 'In Review' });
        await shows(page, 'in-review', german['in-review']);
      },
    };
  },

  'offline when it starts, and a press of the button': () => {
    let isThere = false;
    return {
      markup: tag('max-retries="0"'),
      backend: { '/session': (request) => (isThere ? json(SESSION) : cut(request)) },
      async walk(page) {
        await shows(page, 'error', german['resolver-unreachable']);
        isThere = true;
        await press(page, 'retry-button');
        await shows(page, 'ready', german.ready);
      },
    };
  },

  'started by a press': () => ({
    markup: tag('manual'),
    backend: { '/session': () => json(SESSION) },
    async walk(page) {
      await shows(page, 'idle', german.start);
      await press(page, 'start-button');
      await shows(page, 'ready', german.ready);
    },
  }),

  'started when it comes near': () => ({
    markup: FAR + tag('loading="lazy"'),
    backend: { '/session': () => json(SESSION) },
    async walk(page) {
      await shows(page, 'idle', german.heading);
      await page.evaluate(() => document.querySelector('didit-verify')!.scrollIntoView());
      await shows(page, 'ready', german.ready);
    },
  }),

  'in a dialog, opened and closed': () => ({
    markup: tag('presentation="dialog"'),
    backend: { '/session': () => json(SESSION) },
    async walk(page) {
      await shows(page, 'idle', german.open);
      await press(page, 'start-button');
      await shows(page, 'ready', german.ready);
      await press(page, 'close-button');
      await shows(page, 'ready', german.reopen);
    },
  }),

  'in a form': () => ({
    markup: `<form>${tag('name="proof" required')}</form>`,
    backend: { '/session': () => json({ ...SESSION, status: 'Approved' }) },
    async walk(page) {
      await shows(page, 'approved', german.approved);
      await page.waitFor(() => new FormData(document.forms[0]).get('proof') === '1');
    },
  }),
};

function tag(attributes = ''): string {
  return `<didit-verify resolver-url="/session" no-resume ${attributes}></didit-verify>`;
}

/** Until the element has said so; the code is there in `ready`, and nowhere else. */
async function shows(page: EnginePage, state: StateName, text: string): Promise<void> {
  await page.waitFor(
    (wanted) => {
      const element = document.querySelector('didit-verify')!;
      const { textContent = '' } = element.shadowRoot ?? {};
      const hasCode = Boolean(element.shadowRoot?.querySelector('.code path')?.getAttribute('d'));
      const isSaid = textContent?.includes(wanted.text);
      return element.state === wanted.state && isSaid && hasCode === (wanted.state === 'ready');
    },
    { state, text },
  );
}

async function press(page: EnginePage, part: string): Promise<void> {
  await page.evaluate((name) => {
    const { shadowRoot } = document.querySelector('didit-verify')!;
    shadowRoot!.querySelector<HTMLElement>(`[part=${name}]`)!.click();
  }, part);
}

function json(value: object): Answer {
  return { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(value) };
}

function said(status: string): () => Answer {
  return () => json({ status });
}

function stream(...statuses: string[]): Answer {
  const messages = statuses.map((status) => `event: status\ndata: {"status":"${status}"}\n\n`);
  return { headers: { 'Content-Type': 'text/event-stream' }, body: messages.join('') };
}

/** One after another, the last one again and again. */
function inTurn(...answers: Live['backend'][string][]): Live['backend'][string] {
  let asked = 0;
  return (request) => answers[Math.min(asked++, answers.length - 1)]!(request);
}

/** The connection breaks. */
function cut(request: IncomingMessage): Promise<Answer> {
  request.socket.destroy();
  return new Promise(() => undefined);
}
