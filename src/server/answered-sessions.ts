import type { HandleSeal, SessionFacts } from './handle.js';
import { toHex } from './hex.js';
import type { Report } from './log.js';
import type { Settings } from './options.js';

/** A session that may be shown again. */
export interface AnsweredSession {
  readonly url: string;
  /** When Didit gave it, in milliseconds since 1970. */
  readonly createdAt: number;
  readonly handle: string;
}

/** What it was answered to. */
export interface Question {
  /** By its idempotency key, or by the person and what was asked for. */
  readonly by: 'key' | 'wish';
  readonly text: string;
  /** Whose question it is; null for a `{}` user. */
  readonly vendorData: string | null;
}

/**
 * The sessions that were answered, for all instances, in the site's store: sealed, since who has an
 * authorize URL could use it.
 */
export class AnsweredSessions {
  #storage: Settings['storage'];
  #audience: string;
  #seal: HandleSeal;

  constructor({ storage, audience }: Pick<Settings, 'storage' | 'audience'>, seal: HandleSeal) {
    this.#storage = storage;
    this.#audience = audience;
    this.#seal = seal;
  }

  /** What was answered to the same question before, with what is in its handle; null for nothing. */
  async find(
    question: Question,
    report: Report,
  ): Promise<(AnsweredSession & { facts: SessionFacts }) | null> {
    if (!this.#storage) return null;
    const item = await this.#storage.get(await this.#keyOf(question), report);
    const { vendorData } = question;
    const text = await this.#seal.openText(String(item?.sealed), vendorData);
    if (text === null) return null;
    const [url, createdAt, handle] = JSON.parse(text) as [string, number, string];
    const facts = await this.#seal.open(handle, vendorData ?? undefined);
    return facts && { url, createdAt, handle, facts };
  }

  /** Keeps an answer until then, in milliseconds since 1970. */
  async keep(
    question: Question,
    { url, createdAt, handle }: AnsweredSession,
    { expiresAt, report }: { expiresAt: number; report: Report },
  ): Promise<void> {
    if (!this.#storage) return;
    const text = JSON.stringify([url, createdAt, handle]);
    const sealed = await this.#seal.sealText(text, question.vendorData);
    await this.#storage.set(await this.#keyOf(question), { sealed, expiresAt }, report);
  }

  /** Hashed: it may be long, and tells of a person. */
  async #keyOf({ by, text, vendorData }: Question): Promise<string> {
    const whole = JSON.stringify([this.#audience, vendorData, text]);
    const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(whole));
    return `didit-verify:${by}:${toHex(hash)}`;
  }
}
