import { html, type Markup } from './html.js';
import type { SandboxStatus } from './lifecycles.js';
import { scopeView, valueText } from './scopes.js';

/** All that the page knows. */
export interface PageModel {
  /** `unknown`: there is no session of that token. */
  readonly status: SandboxStatus | 'unknown';
  /** Who asks. */
  readonly applicationName: string;
  /** What is asked for: scopes, with the sample value of each where there is one. */
  readonly rows: readonly (readonly [scope: string, value: unknown])[];
  /** Where the application wants the person back; null if nowhere, or not yet. */
  readonly returnUrl: string | null;
  /** Lets this answer's style sheet through its Content-Security-Policy. */
  readonly nonce: string;
}

/** What a page says. */
export interface View {
  readonly title: string;
  readonly content: Markup;
}

type ViewOf = (model: PageModel) => View;

const SHIELD =
  'M12 2.5 4.5 5.3v5.9c0 4.7 3.1 8.2 7.5 10.3 4.4-2.1 7.5-5.6 7.5-10.3V5.3zM8.5 11.7l2.5 2.5 4.5-4.5';
const CHECK = 'm6 12.5 4 4L18 8';
const CROSS = 'm7 7 10 10M17 7 7 17';
const MINUS = 'M6 12h12';
const CLOCK = 'M12 6v6l4 2.5M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z';
const UNKNOWN = 'M8.5 9a3.5 3.5 0 1 1 4.8 3.2c-.9.4-1.3 1-1.3 2.3M12 18v.01';

export const logo = icon(SHIELD, 'logo');

const askForData = question({
  heading: 'asks for your data',
  text: 'Only what is listed here is shared, and only once you confirm.',
  list: 'Data asked for',
  buttons: html`
    <button class="primary" name="action" value="confirm">Confirm</button>
    <button name="action" value="decline">Decline</button>
  `,
});

const askForIdentity = question({
  heading: 'asks you to verify your identity',
  text: 'No camera here: a sample person is checked, and you say how it ends.',
  list: 'What is checked',
  buttons: html`
    <button class="primary" name="action" value="approve">Approve</button>
    <button name="action" value="decline">Decline</button>
    <button name="action" value="review">Send to review</button>
  `,
});

const VIEWS: Readonly<Record<PageModel['status'], ViewOf>> = {
  initialized: askForData,
  retrieved: askForData,
  confirmed: end('Confirmed', (name) => `Your sample data is shared with ${name}.`, CHECK),
  declined: end('Declined', (name) => `Nothing was shared with ${name}.`, CROSS),
  cancelled: end('Cancelled', () => 'This request was taken back. Nothing was shared.', MINUS),
  expired: end('Expired', (name) => `Nothing was shared. ${newCode(name)}`, CLOCK),

  'Not Started': askForIdentity,
  'In Progress': askForIdentity,
  'Awaiting User': askForIdentity,
  Resubmitted: askForIdentity,
  'In Review': end('In review', (name) => `Somebody looks at it before ${name} is told.`, CLOCK),
  Approved: end('Approved', (name) => `Your sample identity is verified for ${name}.`, CHECK),
  Declined: end('Declined', (name) => `Your identity is not verified for ${name}.`, CROSS),
  Abandoned: end('Not finished in time', (name) => `Nothing was verified. ${newCode(name)}`, CLOCK),
  Expired: end('Expired', (name) => `Nothing was verified. ${newCode(name)}`, CLOCK),
  'Kyc Expired': end('No longer valid', (name) => `It was too long ago. ${newCode(name)}`, CLOCK),

  unknown: end('Not found', () => 'This link is wrong or too old. Get a new code.', UNKNOWN),
};

const TONES: ReadonlyMap<string, string> = new Map([
  [CHECK, 'success'],
  [CROSS, 'danger'],
]);

/** What a person reads where a session stands as it does. */
export function viewOf(model: PageModel): View {
  return VIEWS[model.status](model);
}

interface Question {
  /** Goes on after the application's name. */
  readonly heading: string;
  readonly text: string;
  /** What the list is a list of. */
  readonly list: string;
  readonly buttons: Markup;
}

function question({ heading, text, list, buttons }: Question): ViewOf {
  return ({ applicationName: name, rows }) => ({
    title: `${name} ${heading}`,
    content: html`
      <main>
        <div class="pair" aria-hidden="true">
          <span class="tile">${initial(name)}</span>
          <span class="line"></span>
          <span class="tile">${icon(SHIELD)}</span>
        </div>
        <h1>${name} <span>${heading}</span></h1>
        <p>${text}</p>
        <ul aria-label="${list}">
          ${rows.map(([scope, value]) => row(scope, value))}
        </ul>
      </main>
      <form method="post">${buttons}</form>
    `,
  });
}

/** The first character as people count them: an emoji may be many code points. */
function initial(name: string): string {
  const [first] = new Intl.Segmenter('en').segment(name.trim());
  return first?.segment.toUpperCase() ?? '';
}

function row(scope: string, value: unknown): Markup {
  const { label, icon: drawing } = scopeView(scope);
  return html`
    <li>
      ${icon(drawing)}
      <div>
        <span class="label">${label}</span>
        <span class="value">${valueText(value) || 'No sample value'}</span>
      </div>
      ${icon(CHECK, 'check')}
    </li>
  `;
}

function end(title: string, text: (name: string) => string, drawing: string): ViewOf {
  return (model) => ({
    title,
    content: html`
      <main class="ended ${TONES.get(drawing) ?? 'quiet'}">
        ${icon(drawing, 'state')}
        <h1>${title}</h1>
        <p>${text(model.applicationName)}</p>
        ${wayOut(model)}
      </main>
    `,
  });
}

/** Out of a frame as well: hardly any application lets itself be framed. */
function wayOut({ returnUrl, applicationName: name }: PageModel): Markup {
  if (returnUrl === null) return html`<p class="hint">You can close this page.</p>`;
  return html`<a class="button primary" href="${returnUrl}" target="_top">Back to ${name}</a>`;
}

function newCode(name: string): string {
  return `Get a new code from ${name}.`;
}

function icon(path: string, name = 'icon'): Markup {
  return html`<svg class="${name}" viewBox="0 0 24 24" aria-hidden="true">
    <path d="${path}" />
  </svg>`;
}
