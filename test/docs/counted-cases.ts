import type { DiditOptions } from 'didit-verify/server';
import type { Route } from 'playwright-core';
import type { CountedPage } from './counted-page.js';
import { inState, play, press } from './heard-page.js';

/** What somebody does in a page, or to it. */
type Act = (opened: CountedPage) => Promise<unknown>;

/** What a row of the guide's tables says, brought about in a page. */
export interface Case {
  /** Attributes of the tag, besides its endpoint. */
  readonly attributes?: string;
  /** What is before the tag. */
  readonly before?: string;
  /** What is around the tag. */
  readonly around?: (tag: string) => string;
  readonly options?: Partial<DiditOptions>;
  readonly isVerification?: boolean;
  readonly act?: Act;
  /** Where the tag stands when it is counted; `ready` without. */
  readonly state?: string;
}

const SHORT = { sessionLifetime: 60 };
const LONG = { sessionLifetime: 300 };
const SCOPES = { scope: 'names', allowedScopes: 'names email phone birthdate' };
const FAR_BELOW = '<div style="height: 5000px"></div>';

/** Has a page believe that it is not seen. */
function unseen(property: 'hidden' | 'prerendering'): string {
  return `<script>
    Object.defineProperty(document, '${property}', { value: true, configurable: true });
  </script>`;
}

function all(...acts: readonly Act[]): Act {
  return async (opened) => {
    for (const act of acts) await act(opened);
  };
}

function pressing(part: string): Act {
  return ({ page }) => press(page, part);
}

function reaching(state: string): Act {
  return ({ page }) => inState(page, state);
}

const ready = reaching('ready');

/** What the page's own script does, with the code on show. */
function script(task: () => unknown): Act {
  return all(ready, ({ page }) => page.evaluate(task));
}

function playing(...presses: Parameters<typeof play>[1][]): Act {
  return (opened) => play(opened, ...presses);
}

const openOnPhone = all(ready, playing('open'), reaching('in-progress'));
const expireOnPhone = all(openOnPhone, playing('expire'), reaching('expired'));

/** With a clock that can be put forward; the tag waits for it. */
const startByClock: Act = all(({ page }) => page.clock.install(), pressing('start-button'), ready);

function passing(seconds: number): Act {
  return ({ pass }) => pass(seconds);
}

/** Puts the clock forward to shortly before the end, until the code is replaced. */
const replace: Act = async ({ page, pass }) => {
  const old = await page.evaluate(() => document.querySelector('didit-verify')!.session!.sessionId);
  await pass(52);
  await page.waitForFunction(
    (id) => document.querySelector('didit-verify')!.session?.sessionId !== id,
    old,
  );
};

/** Lets the code end; in one step, so that there was no time to replace it before. */
const end = passing(70);

function setHidden(value: boolean): Act {
  return ({ page }) =>
    page.evaluate((isHidden) => {
      Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, value);
}

const reload: Act = ({ page }) => page.reload();

/** Opens the same page in another tab: with a copy of what is kept in this one, or without. */
function openTab(features: string): Act {
  return async ({ page }) => {
    const opening = page.context().waitForEvent('page');
    await page.evaluate((given) => void window.open('/', '_blank', given), features);
    await inState(await opening, 'ready');
  };
}

const openSecondTab = openTab('noopener');

/** The session is made, and the first answer lost on its way. */
const loseAnswer: Act = async ({ page }) => {
  const lose = async (route: Route) => {
    await route.fetch();
    await route.abort('connectionreset');
  };
  await page.route('**/api/didit/session', lose, { times: 1 });
  await press(page, 'start-button');
};

const visitDidit: Act = async ({ page, origin }) => {
  await page.route('https://app.didit.me/**', (route) => route.fulfill({ body: 'Didit' }));
  await page.goto(await page.evaluate(() => document.querySelector('didit-verify')!.session!.url));
  await page.goto(`${origin}/`);
};

const failAtDidit: Act = async ({ page, sandbox }) => {
  sandbox.fail({ kind: 'failing', call: 'create' });
  await press(page, 'start-button');
};

const bothReady: Act = async ({ page }) => {
  await page.waitForFunction(
    () => document.querySelectorAll('didit-verify:state(ready)').length === 2,
  );
};

function inView(isSeen: boolean): Act {
  const seen = isSeen ? { state: 'visible' as const } : { state: 'attached' as const };
  return ({ page }) => page.locator('didit-verify').waitFor(seen);
}

const restartOften: Act = script(async () => {
  for (let times = 0; times < 20; times++) await document.querySelector('didit-verify')!.restart();
});

const twice = (tag: string) => tag + tag;
const inForm = (tag: string) => `<form>${tag}</form>`;

/** The rows of “In the page”, in any order. */
export const IN_THE_PAGE: Readonly<Record<string, Case>> = {
  'the tag comes into a page that is seen': {},
  'strict mode: it is put into the page, taken out, and put back': {
    around: () => '',
    act: ({ page }) =>
      page.evaluate(() => {
        const tag = document.createElement('didit-verify');
        tag.resolverUrl = '/api/didit/session';
        document.body.append(tag);
        tag.remove();
        document.body.append(tag);
      }),
  },
  'its node is moved, with the code on show': {
    act: script(() => {
      const place = document.body.appendChild(document.createElement('div'));
      place.append(document.querySelector('didit-verify')!);
    }),
  },
  'it is taken out of the page for a while, and the same node put back': {
    act: script(async () => {
      const tag = document.querySelector('didit-verify')!;
      tag.remove();
      await new Promise((resolve) => setTimeout(resolve, 100));
      document.body.append(tag);
    }),
  },
  'its view goes, and comes back with a new tag': {
    act: script(async () => {
      const tag = document.querySelector('didit-verify')!;
      tag.remove();
      await new Promise((resolve) => setTimeout(resolve, 100));
      document.body.append(tag.cloneNode());
    }),
  },
  'it is rendered again, with new functions, headers and words': {
    act: script(() => {
      const tag = document.querySelector('didit-verify')!;
      tag.headers = () => ({ 'X-CSRF-Token': 'token' });
      tag.strings = { heading: 'Prove your age' };
      tag.resolver = () => Promise.reject(new Error('It is not asked.'));
      tag.setAttribute('resolver-url', tag.resolverUrl);
    }),
  },
  'scope changes, with the code on show': {
    options: SCOPES,
    act: all(
      script(() => (document.querySelector('didit-verify')!.scope = 'email')),
      reaching('loading'),
      ready,
    ),
  },
  'scope changes three times in a row': {
    options: SCOPES,
    act: all(
      script(() => {
        const tag = document.querySelector('didit-verify')!;
        const change = (scope: string) => {
          tag.scope = scope;
          return tag.updateComplete;
        };
        return change('email')
          .then(() => change('phone'))
          .then(() => change('birthdate'));
      }),
      ready,
    ),
  },
  'scope changes once the phone has opened the session': {
    options: SCOPES,
    act: all(openOnPhone, ({ page }) =>
      page.evaluate(() => void (document.querySelector('didit-verify')!.scope = 'email')),
    ),
    state: 'in-progress',
  },
  'the page opens in a hidden tab': { before: unseen('hidden'), state: 'idle' },
  'the page is prerendered': { before: unseen('prerendering'), state: 'idle' },
  'a hidden tab is seen': {
    before: unseen('hidden'),
    act: all(reaching('idle'), setHidden(false)),
  },
  'loading="lazy", far below': {
    before: FAR_BELOW,
    attributes: 'loading="lazy"',
    act: inView(false),
    state: 'idle',
  },
  'loading="lazy", and the person scrolls there': {
    before: FAR_BELOW,
    attributes: 'loading="lazy"',
    act: ({ page }) => page.locator('didit-verify').scrollIntoViewIfNeeded(),
  },
  manual: { attributes: 'manual', state: 'idle' },
  'manual, and a press': { attributes: 'manual', act: pressing('start-button') },
  'a dialog that nobody opens': { attributes: 'presentation="dialog"', state: 'idle' },
  'a dialog is opened, closed, and opened again': {
    attributes: 'presentation="dialog"',
    act: all(pressing('start-button'), ready, pressing('close-button'), pressing('start-button')),
  },
  'disabled from the beginning': { attributes: 'disabled', state: 'idle' },
  'disabled, with the code on show, and enabled again': {
    act: script(async () => {
      const tag = document.querySelector('didit-verify')!;
      tag.disabled = true;
      await tag.updateComplete;
      tag.disabled = false;
    }),
  },
  'the page is reloaded': { act: all(ready, reload) },
  'the page is reloaded, with no-resume': { attributes: 'no-resume', act: all(ready, reload) },
  'the person goes to Didit in the same tab, and comes back': { act: all(ready, visitDidit) },
  'the page is reloaded after the approval': {
    act: all(openOnPhone, playing('confirm'), reaching('approved'), reload),
    state: 'approved',
  },
  'the tab is duplicated': { act: all(ready, openTab('')) },
  'the page is opened in a second tab': { act: all(ready, openSecondTab) },
  'two tags on a page, with the same attributes': { around: twice, act: bothReady },
  'the answer to the request is lost': { attributes: 'manual', act: loseAnswer },
  'the answer is lost for good, and the person presses “Try again”': {
    attributes: 'manual max-retries="0"',
    act: all(loseAnswer, pressing('retry-button')),
  },
  'Didit fails, three times': { attributes: 'manual', act: failAtDidit, state: 'error' },
  'the code ends, and nobody has scanned it': {
    attributes: 'manual',
    options: SHORT,
    act: all(startByClock, replace),
  },
  'the code ends again and again': {
    attributes: 'manual',
    options: SHORT,
    act: all(startByClock, replace, replace, replace, replace, replace, end),
    state: 'expired',
  },
  'the code ends in a hidden tab': {
    attributes: 'manual',
    options: SHORT,
    act: all(startByClock, setHidden(true), end),
  },
  'the same, and the tab is seen again': {
    attributes: 'manual',
    options: SHORT,
    act: all(startByClock, setHidden(true), end, setHidden(false), reaching('expired'), ready),
  },
  'the code ends in a closed dialog': {
    attributes: 'presentation="dialog"',
    options: SHORT,
    act: all(startByClock, pressing('close-button'), end),
    state: 'expired',
  },
  'the code ends, with refresh-expired="manual"': {
    attributes: 'manual refresh-expired="manual"',
    options: SHORT,
    act: all(startByClock, end),
    state: 'expired',
  },
  'the code ends, with refresh-expired="never"': {
    attributes: 'manual refresh-expired="never"',
    options: SHORT,
    act: all(startByClock, end),
    state: 'expired',
  },
  'the code ends once the phone has opened the session': {
    attributes: 'manual',
    options: SHORT,
    act: all(startByClock, openOnPhone, end),
    state: 'in-progress',
  },
  'the session expires on the phone': { act: expireOnPhone, state: 'expired' },
  'the same, and the person presses “Get a new code”': {
    act: all(expireOnPhone, pressing('start-button')),
  },
  'the person declines': { act: all(openOnPhone, playing('decline')), state: 'declined' },
  'start(), with the code on show': {
    act: script(() => document.querySelector('didit-verify')!.start()),
  },
  'restart()': { act: script(() => document.querySelector('didit-verify')!.restart()) },
  'cancel()': {
    act: script(() => document.querySelector('didit-verify')!.cancel()),
    state: 'cancelled',
  },
  'cancel(), and the person presses “Get a code”': {
    act: all(
      script(() => document.querySelector('didit-verify')!.cancel()),
      pressing('start-button'),
    ),
  },
  'the form is reset': {
    around: inForm,
    act: script(() => document.querySelector('form')!.reset()),
    state: 'idle',
  },
};

/** The rows of “In the backend”. */
export const IN_THE_BACKEND: Readonly<Record<string, Case>> = {
  'nobody is signed in': { options: { getUser: () => null }, state: 'error' },
  'a second tab, with sessionLifetime': { options: LONG, act: all(ready, openSecondTab) },
  'two tags on a page, with sessionLifetime': { options: LONG, around: twice, act: bothReady },
  'a second tab, with sessionLifetime, once the phone has opened the session': {
    options: LONG,
    act: all(openOnPhone, openSecondTab),
    state: 'in-progress',
  },
  'two tabs of people who cannot be told apart, with sessionLifetime': {
    options: { ...LONG, getUser: () => ({}) },
    act: all(ready, openSecondTab),
  },
  'verification: a second tab': { isVerification: true, act: all(ready, openSecondTab) },
  'the person wants a twenty-first session in an hour': { act: restartOften, state: 'error' },
  'restart() twenty-one times, with sessionLifetime': { options: LONG, act: restartOften },
};
