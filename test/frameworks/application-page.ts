import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { Browser, ConsoleMessage, Locator, Page } from 'playwright-core';
import type { DiditVerifyElement } from '../../src/index.js';
import { phone, type Press } from '../e2e/phone.js';

/** A request for a session, as it came to the backend. */
export interface Create {
  readonly scope?: string;
  readonly renders?: string;
  readonly reason?: string;
}

const ENDPOINT = '/api/didit/session';

/** A person's browser, at an application. */
export class ApplicationPage {
  readonly page: Page;
  /** The sessions that were asked for since the page was opened. */
  readonly creates: Create[] = [];
  #streams = 0;
  /** What a developer would see of warnings and errors. */
  readonly #complaints: string[] = [];

  private constructor(page: Page) {
    this.page = page;
    page.on('request', (request) => {
      if (request.url().endsWith('&events')) this.#streams++;
      const isCreate = request.method() === 'POST' && request.url().endsWith(ENDPOINT);
      if (!isCreate) return;
      const { scope } = request.postDataJSON() as { scope?: string };
      const { 'x-renders': renders, 'x-reason': reason } = request.headers();
      this.creates.push({ scope, renders, reason });
    });
    page.on('console', (message) => this.#complain(message));
    page.on('pageerror', (error) => this.#complaints.push(error.message));
  }

  /**
   * A person whom the demo knows, with cookies and storage of their own, for one test, at whose end
   * it is closed.
   */
  static async open(
    t: TestContext,
    browser: Browser,
    address: string,
    prepare?: (page: Page) => Promise<unknown>,
  ): Promise<ApplicationPage> {
    const context = await browser.newContext();
    const { origin } = new URL(address);
    await context.addCookies([{ name: 'demo-user', value: randomUUID(), url: origin }]);
    const opened = new ApplicationPage(await context.newPage());
    t.after(() => opened.close());
    await prepare?.(opened.page);
    await opened.page.goto(address);
    return opened;
  }

  /** The one complaint that there is, which is as it should be. */
  complaint(): string {
    const [complaint = '', ...others] = this.#complaints.splice(0);
    assert.deepEqual(others, []);
    return complaint;
  }

  /** Nothing has been complained of. */
  async close(): Promise<void> {
    await this.page.context().close();
    assert.deepEqual(this.#complaints, []);
  }

  #complain(message: ConsoleMessage): void {
    // Lit's own notice, wherever a development server has it.
    if (message.text().startsWith('Lit is in dev mode.')) return;
    const isComplaint = ['error', 'warning', 'assert'].includes(message.type());
    if (isComplaint) this.#complaints.push(`${message.text()} ${message.location().url}`);
  }

  /** The one to be seen: pages that were left may be kept, hidden. */
  get element(): Locator {
    return this.page.locator('didit-verify:visible');
  }

  /** The authorize URL, once it is on show. */
  async code(element = this.element): Promise<string> {
    const link = element.locator('[part~="link"]');
    await link.waitFor();
    return (await link.getAttribute('href'))!;
  }

  /** Another authorize URL than this one, once it is on show. */
  async codeAfter(url: string): Promise<string> {
    await this.element.locator(`[part~="link"]:not([href="${url}"])`).waitFor();
    return this.code();
  }

  async press(name: string): Promise<void> {
    await this.page.getByRole('button', { name, exact: true }).click();
  }

  async follow(name: string): Promise<void> {
    await this.page.getByRole('link', { name, exact: true }).click();
    await this.isAt(name);
  }

  async isAt(name: string): Promise<void> {
    await this.page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
  }

  /** Resolves once the element is in a state. */
  async inState(name: string): Promise<void> {
    await this.page.locator(`didit-verify:state(${name}):visible`).waitFor();
  }

  /** What the phone does with the session on show. */
  async phone(...presses: Press[]): Promise<void> {
    await phone((await this.get('session'))!.url, ...presses);
  }

  /** Resolves once a stream of events has been asked for. */
  async listens(): Promise<void> {
    while (this.#streams === 0) await this.page.waitForEvent('request');
  }

  /** Resolves once so many sessions have been asked for. */
  async asked(times: number): Promise<void> {
    while (this.creates.length < times) await this.page.waitForEvent('request');
  }

  /** The lines of the page's list, once there are so many. */
  async lines(expected: readonly string[]): Promise<void> {
    const lines = this.page.locator('ol > li');
    await lines.nth(expected.length - 1).waitFor();
    assert.deepEqual(await lines.allTextContents().then(trimmed), expected);
  }

  /** A mark that a node keeps for as long as it is the same one. */
  async mark(): Promise<void> {
    await this.element.evaluateAll((nodes) => {
      for (const node of nodes) Object.assign(node, { isMarked: true });
    });
  }

  async areMarked(): Promise<boolean> {
    return this.element.evaluateAll(
      (nodes) => nodes.length > 0 && nodes.every((node) => 'isMarked' in node),
    );
  }

  /** A property of the element. */
  async get<Name extends keyof DiditVerifyElement>(name: Name): Promise<DiditVerifyElement[Name]> {
    const read = (node: Element, key: string) => node[key as keyof Element] as unknown;
    return (await this.element.evaluate(read, name)) as DiditVerifyElement[Name];
  }
}

function trimmed(texts: string[]): string[] {
  return texts.map((text) => text.trim());
}
