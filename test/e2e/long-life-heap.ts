import type { CDPSession, Page } from 'playwright-core';

/** So often it is looked at, even where there is ever less. */
const MOST_LOOKS = 20;

/** What a page holds on to, once everything else is collected. */
export interface Held {
  /** Bytes of the JavaScript heap. */
  readonly heap: number;
  readonly documents: number;
  readonly nodes: number;
  /** Of every target, whatever it is. */
  readonly listeners: number;
}

/** Looks at what a page of Chromium holds, by the DevTools protocol. */
export class Heap {
  #page: Page;
  #devtools: CDPSession;

  static async of(page: Page): Promise<Heap> {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('HeapProfiler.enable');
    return new Heap(page, devtools);
  }

  constructor(page: Page, devtools: CDPSession) {
    this.#page = page;
    this.#devtools = devtools;
  }

  /** A page that is busy lets go late: it is looked at until there is no less of anything. */
  async held(): Promise<Held> {
    let held = await this.#look();
    for (let looks = 1; looks < MOST_LOOKS; looks++) {
      const before = held;
      held = await this.#look();
      if (held.nodes >= before.nodes && held.listeners >= before.listeners) break;
    }
    return held;
  }

  async #look(): Promise<Held> {
    await this.#collect();
    const { usedSize } = await this.#devtools.send('Runtime.getHeapUsage');
    const { documents, nodes, jsEventListeners } =
      await this.#devtools.send('Memory.getDOMCounters');
    return { heap: usedSize, documents, nodes, listeners: jsEventListeners };
  }

  /** How many objects there are whose class this expression gives, or one that extends it. */
  async instances(expression: string): Promise<number> {
    const group = { objectGroup: 'instances' };
    const { result: prototype } = await this.#devtools.send('Runtime.evaluate', {
      expression: `${expression}.prototype`,
      ...group,
    });
    const { objects } = await this.#devtools.send('Runtime.queryObjects', {
      prototypeObjectId: prototype.objectId!,
      ...group,
    });
    const { result } = await this.#devtools.send('Runtime.callFunctionOn', {
      functionDeclaration: 'function () { return this.length; }',
      objectId: objects.objectId!,
      returnByValue: true,
    });
    await this.#devtools.send('Runtime.releaseObjectGroup', group);
    return result.value as number;
  }

  /** The nodes that are in no document, by name; those that Chromium itself keeps are not among them. */
  async detached(): Promise<string[]> {
    const chunks: string[] = [];
    const add = ({ chunk }: { chunk: string }) => chunks.push(chunk);
    this.#devtools.on('HeapProfiler.addHeapSnapshotChunk', add);
    await this.#devtools.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false });
    this.#devtools.off('HeapProfiler.addHeapSnapshotChunk', add);
    const { strings } = JSON.parse(chunks.join('')) as { strings: string[] };
    return strings.filter((name) => name.startsWith('Detached <'));
  }

  /** What is let go of in finalizers goes with the second, and what that held with the third. */
  async #collect(): Promise<void> {
    for (let pass = 0; pass < 3; pass++) {
      await this.#devtools.send('HeapProfiler.collectGarbage');
      await this.#page.evaluate(() => new Promise((resolve) => setTimeout(resolve)));
    }
  }
}
