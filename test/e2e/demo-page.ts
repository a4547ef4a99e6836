import type { DiditVerifyElement } from '../../src/index.js';
import type { StateName } from '../../src/state.js';
import type { EnginePage } from './engines.js';

/** What the element shows, and what it says of itself. */
export interface Shown {
  readonly state: StateName;
  readonly status: string | null;
  readonly hasCode: boolean;
  readonly message: string;
  /** Links and buttons, by their part. */
  readonly buttons: (string | null)[];
}

export type Endpoint = 'session' | 'short' | 'verification';

/** A line of the demo's own log that its page has written of the element's events. */
interface Line {
  readonly type: string;
  readonly detail: Readonly<Record<string, string>>;
}

/** The demo in a page of an engine. */
export class DemoPage {
  readonly page: EnginePage;

  constructor(page: EnginePage) {
    this.page = page;
  }

  /** Opens the demo, and from where nothing starts by itself goes to a tab with that endpoint. */
  async open(origin: string, endpoint: Endpoint, tab = 'page'): Promise<void> {
    await this.page.goto(`${origin}/#dialog`);
    await this.page.waitFor(() => document.querySelector('#stage didit-verify') !== null);
    await this.page.evaluate(
      ({ endpoint, tab }) => {
        document.addEventListener('session-completed', () => {
          document.body.dataset.completedAt = String(Date.now());
        });
        document.querySelector<HTMLElement>(`[value="/api/didit/${endpoint}"]`)!.click();
        location.hash = tab;
      },
      { endpoint, tab },
    );
  }

  /** Waits until the element stands so, with that word of Didit's. */
  inState(state: StateName, status: string): Promise<void> {
    return this.page.waitFor(
      ({ state, status }) => {
        const tag = document.querySelector<DiditVerifyElement>('#stage didit-verify');
        return tag?.matches(`:state(${state})`) && tag.state === state && tag.status === status;
      },
      { state, status },
    );
  }

  /** The session on show. */
  session(): Promise<{ sessionId: string; url: string }> {
    return this.page.evaluate(() => document.querySelector('didit-verify')!.session!);
  }

  shown(): Promise<Shown> {
    return this.page.evaluate(async () => {
      const tag = document.querySelector('didit-verify')!;
      await tag.updateComplete;
      const root = tag.shadowRoot!;
      const parts = root.querySelectorAll('.actions :is(a, button)');
      return {
        state: tag.state,
        status: tag.status,
        hasCode: root.querySelector('.code') !== null,
        message: root.querySelector('[part=message]')!.textContent.trim(),
        buttons: Array.from(parts, (each) => each.getAttribute('part')),
      };
    });
  }

  /** When it last heard that a session is completed, in milliseconds since 1970. */
  completedAt(): Promise<number> {
    return this.page.evaluate(() => Number(document.body.dataset.completedAt));
  }

  /** Presses what is in the element. */
  press(part: string): Promise<void> {
    return this.page.evaluate((name) => {
      const root = document.querySelector('didit-verify')!.shadowRoot!;
      root.querySelector<HTMLElement>(`[part=${name}]`)!.click();
    }, part);
  }

  /** Presses what is beside it. */
  click(selector: string): Promise<void> {
    return this.page.evaluate((where) => {
      document.querySelector<HTMLElement>(where)!.click();
    }, selector);
  }

  /** Waits until the page has heard so many events since it was loaded. */
  hears(count: number): Promise<void> {
    return this.page.waitFor(
      (expected) => document.querySelectorAll('#log [data-source=page]').length >= expected,
      count,
    );
  }

  /** What the page has heard since it was loaded, the first first. */
  lines(): Promise<Line[]> {
    return this.page.evaluate(() => {
      const lines = document.querySelectorAll('#log [data-source=page]');
      return Array.from(lines, (line) => {
        const told = line.querySelector('code')!.textContent.split('\n').filter(Boolean);
        const detail = Object.fromEntries(told.map((each) => each.split(/: (.*)/s)));
        return { type: line.querySelector('strong')!.textContent, detail };
      }).reverse();
    });
  }

  /** The same, each in a few words. */
  async heard(): Promise<string[]> {
    return (await this.lines()).map(({ type, detail }) => {
      const { reason, previousState, state, status, willRefresh, code } = detail;
      const change = previousState && `${previousState} to`;
      const words = [type, reason, change, state, status && `(${status})`, willRefresh, code];
      return words.filter(Boolean).join(' ');
    });
  }
}
