import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { launchChromium } from '../e2e/browser.js';
import { ApplicationPage } from './application-page.js';
import { HERE, prepare, startOwnServer, type Application } from './application.js';
import { startSite } from './site.js';

/** How a developer works on an application. */
export interface Development {
  /** The development server, for Node. */
  readonly start: readonly string[];
  /** The file that the page "Binding" is in. */
  readonly file: string;
}

const LIMIT = { timeout: 180_000 };

/** A change in the sources while the page is open, twice, costs no second session. */
export function develop(application: Application, { start, file }: Development): void {
  describe(`${application.name}, in development`, () => {
    it('keeps its session while its sources change', LIMIT, async (t) => {
      const place = prepare(application);
      const site = await startSite();
      t.after(() => site.close());
      const server = await startOwnServer(place, start, site.origin);
      t.after(() => server.stop());
      const browser = await launchChromium();
      t.after(() => browser.close());

      const page = await ApplicationPage.open(t, browser, `${server.origin}/binding`);
      const code = await page.code();
      const source = path.join(place, file);
      // Not from the copy: a run that was ended may have left it changed.
      const before = readFileSync(path.join(HERE, application.folder, file), 'utf8');
      t.after(() => writeFileSync(source, before));
      for (const heading of ['Bound', 'Bound again']) {
        const change = () =>
          writeFileSync(source, before.replace('<h1>Binding<', `<h1>${heading}<`));
        change();
        // A watcher may miss a change that follows at once on another.
        const again = setInterval(change, 3000);
        await page.isAt(heading).finally(() => clearInterval(again));
        assert.equal(await page.code(), code);
      }
      await page.press('Render');
      await page.element.getByText('Prove it 1', { exact: true }).waitFor();
      await page.phone('open', 'confirm');
      await page.inState('approved');
      assert.equal(page.creates.length, 1);
      // Before the server goes.
      await page.close();
    });
  });
}
