import { styles } from './authorize-styles.js';
import { logo, viewOf, type PageModel } from './authorize-views.js';
import { html } from './html.js';

export type { PageModel } from './authorize-views.js';

/**
 * The page that a phone opens: who asks, for what, and buttons; or how it ended. No script, the
 * buttons are those of a plain form.
 */
export function authorizePage(model: PageModel): string {
  const { title, content } = viewOf(model);
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
            ${logo}
            <p class="badge">Local sandbox – no real data</p>
          </header>
          ${content}
        </div>
      </body>
    </html>
  `;
  return page.toString();
}
