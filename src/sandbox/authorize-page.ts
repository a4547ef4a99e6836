import { styles } from './authorize-styles.js';
import { html, type Markup } from './html.js';
import type { SandboxStatus } from './sandbox-session.js';
import { scopeView, valueText } from './scopes.js';

/** All that the page knows. */
export interface PageModel {
  /** `unknown`: there is no session of that token. */
  readonly status: SandboxStatus | 'unknown';
  /** Who asks. */
  readonly applicationName: string;
  /** What is asked for: scopes, with the sample value of each where there is one. */
  readonly rows: readonly (readonly [scope: string, value: unknown])[];
  /** Lets this answer's style sheet through its Content-Security-Policy. */
  readonly nonce: string;
}

interface View {
  readonly title: string;
  readonly content: Markup;
}

const SHIELD =
  'M12 2.5 4.5 5.3v5.9c0 4.7 3.1 8.2 7.5 10.3 4.4-2.1 7.5-5.6 7.5-10.3V5.3zM8.5 11.7l2.5 2.5 4.5-4.5';
const CHECK = 'm6 12.5 4 4L18 8';
const CROSS = 'm7 7 10 10M17 7 7 17';
const MINUS = 'M6 12h12';
const CLOCK = 'M12 6v6l4 2.5M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z';
const UNKNOWN = 'M8.5 9a3.5 3.5 0 1 1 4.8 3.2c-.9.4-1.3 1-1.3 2.3M12 18v.01';

/**
 * The page that a phone opens: who asks, for what, and two buttons; or how it ended. No script, the
 * buttons are those of a plain form.
 */
export function authorizePage(model: PageModel): string {
  const { title, content } = view(model);
  // Under `no-referrer` a form sends `Origin: null` (Fetch, 3.2), hence a policy of the page's own.
  const page = html`
    <!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${title} – Local sandbox</title>
        <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
        <meta name="referrer" content="same-origin" />
        <style nonce="${model.nonce}">
          ${styles}
        </style>
      </head>
      <body>
        <div class="screen">
          <header>
            ${icon(SHIELD, 'logo')}
            <p class="badge">Local sandbox – no real data</p>
          </header>
          ${content}
        </div>
      </body>
    </html>
  `;
  return page.toString();
}

function view({ status, applicationName: name, rows }: PageModel): View {
  switch (status) {
    case 'initialized':
    case 'retrieved':
      return { title: `${name} asks for your data`, content: question(name, rows) };
    case 'confirmed':
      return ended('Confirmed', `Your sample data is shared with ${name}.`, CHECK, 'success');
    case 'declined':
      return ended('Declined', `Nothing was shared with ${name}.`, CROSS, 'danger');
    case 'cancelled':
      return ended('Cancelled', 'This request was taken back. Nothing was shared.', MINUS, 'quiet');
    case 'expired':
      return ended('Expired', `Nothing was shared. Get a new code from ${name}.`, CLOCK, 'quiet');
    case 'unknown':
      return ended('Not found', 'This link is wrong or too old. Get a new code.', UNKNOWN, 'quiet');
    default:
      return status satisfies never;
  }
}

function question(name: string, rows: PageModel['rows']): Markup {
  return html`
    <main>
      <div class="pair" aria-hidden="true">
        <span class="tile">${initial(name)}</span>
        <span class="line"></span>
        <span class="tile">${icon(SHIELD)}</span>
      </div>
      <h1>${name} <span>asks for your data</span></h1>
      <p>Only what is listed here is shared, and only once you confirm.</p>
      <ul aria-label="Data asked for">
        ${rows.map(([scope, value]) => row(scope, value))}
      </ul>
    </main>
    <form method="post">
      <button class="primary" name="action" value="confirm">Confirm</button>
      <button name="action" value="decline">Decline</button>
    </form>
  `;
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

function ended(title: string, text: string, drawing: string, tone: string): View {
  const content = html`
    <main class="ended ${tone}">
      ${icon(drawing, 'state')}
      <h1>${title}</h1>
      <p>${text}</p>
      <p class="hint">You can close this page.</p>
    </main>
  `;
  return { title, content };
}

function icon(path: string, name = 'icon'): Markup {
  return html`<svg class="${name}" viewBox="0 0 24 24" aria-hidden="true">
    <path d="${path}" />
  </svg>`;
}
