import type { DiditVerifyElement } from '../../../src/index.js';
import { record } from '../../fake-site.js';
import { FuzzedPage, type SiteOptions } from './fuzzed-page.js';

/** An element in a page, and what it has told. */
export interface Case {
  readonly page: FuzzedPage;
  readonly target: DiditVerifyElement;
  readonly told: string[];
}

/** Plays one case with an element in a page of its own, and demands that nothing is left of it. */
export async function withElement(
  site: Partial<SiteOptions>,
  properties: Partial<DiditVerifyElement>,
  play: (given: Case) => Promise<void>,
): Promise<void> {
  const page = new FuzzedPage({ hasStatus: false, hasEvents: false, ...site }, () =>
    Object.assign(document.createElement('didit-verify'), properties),
  );
  await page.play(async () => {
    const told = record(page.element);
    await play({ page, target: page.element, told });
    page.check();
  });
}

/** It comes into the page, and its first question is answered, if it is. */
export async function show({ page, target }: Case): Promise<void> {
  page.fieldset.append(target);
  await page.site.pass(1);
  page.check();
}
