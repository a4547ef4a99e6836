/** A message of a few hundred bytes is long; what never ends one is not a stream of ours. */
const MAX_BUFFERED_CHARACTERS = 65_536;

/** One message of a stream of server-sent events. */
export interface StreamMessage {
  readonly event: string;
  readonly data: string;
}

/** Reads server-sent events piece by piece (WHATWG HTML, 9.2.6). */
export class EventStreamParser {
  /** How long to wait before connecting again, in milliseconds, where the stream said so. */
  retry: number | null = null;
  #buffer = '';
  #endedByCr = false;
  #event = '';
  #data: string[] = [];

  /**
   * The messages that are complete with these characters.
   *
   * @throws RangeError where one grows beyond 64 kB.
   */
  push(text: string): StreamMessage[] {
    const lines = (this.#buffer + this.#withoutHalfBreak(text)).split(/\r\n|\n|\r/);
    this.#buffer = lines.pop()!;
    const messages = lines.flatMap((line) => this.#take(line));
    if (this.#buffer.length + this.#data.join('\n').length > MAX_BUFFERED_CHARACTERS) {
      throw new RangeError('A message of the stream is too long.');
    }
    return messages;
  }

  /** A line break of two characters may come in two pieces; the first has ended the line. */
  #withoutHalfBreak(text: string): string {
    if (!text) return text;
    const rest = this.#endedByCr && text.startsWith('\n') ? text.slice(1) : text;
    this.#endedByCr = text.endsWith('\r');
    return rest;
  }

  #take(line: string): StreamMessage[] {
    if (!line) return this.#dispatch();
    const [, field, value] = /^([^:]*)(?:: ?(.*))?$/s.exec(line)!;
    if (field === 'event') this.#event = value ?? '';
    if (field === 'data') this.#data.push(value ?? '');
    if (field === 'retry' && /^\d+$/.test(value ?? '')) this.retry = Number(value);
    return [];
  }

  #dispatch(): StreamMessage[] {
    const message = { event: this.#event || 'message', data: this.#data.join('\n') };
    const isEmpty = this.#data.length === 0;
    this.#event = '';
    this.#data = [];
    return isEmpty ? [] : [message];
  }
}
