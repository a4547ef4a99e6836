import type { IncomingMessage } from 'node:http';
import { healthy, type Asked, type Question } from './fault-answers.js';
import { startPage, type Answer, type OwnPage } from './own-page.js';

const ALLOWING = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Methods': '*',
  'Access-Control-Allow-Headers': '*',
};

/** An origin that redirects lead to, and that writes down by what method it was asked. */
export class Elsewhere {
  #site?: OwnPage;
  #asked = new Map<string, string[]>();

  async start(): Promise<void> {
    this.#site = await startPage((path, request) => this.#answer(path, request));
  }

  async close(): Promise<void> {
    await this.#site?.close();
  }

  /** Where it does not allow other origins to read what it answers, and where it does. */
  addresses(row: number, question: Question): Asked['elsewhere'] {
    const base = `${this.#site!.origin}/${row}/${question}`;
    return { closed: `${base}/closed`, open: `${base}/open` };
  }

  asked(row: number): readonly string[] {
    return this.#asked.get(String(row)) ?? [];
  }

  #answer(path: string, { method }: IncomingMessage): Answer {
    const [, row, question, access] = path.split('/');
    this.#asked.set(row!, [...(this.#asked.get(row!) ?? []), method!]);
    const { type, body } = healthy(question as Question);
    const allowing = access === 'open' ? ALLOWING : {};
    return { headers: { 'Content-Type': type, ...allowing }, body };
  }
}
