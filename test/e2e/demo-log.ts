import { EventEmitter, once } from 'node:events';

/** What backend and sandbox of the demo tell at `/api/demo/log`. */
export interface Told {
  readonly source: 'backend' | 'sandbox';
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly sessionId?: string;
  readonly status?: string;
}

export interface DemoLog {
  /** All that was told since it is listened to, in that order. */
  readonly told: readonly Told[];
  /** Resolves once so many that match are told, with the last of them. */
  find(match: Partial<Told>, count?: number): Promise<Told>;
  /** How many that match were told so far. */
  count(match: Partial<Told>): number;
  close(): void;
}

const PATIENCE_MS = 20_000;

/** Listens to the log of a running demo. */
export async function listenToLog(origin: string): Promise<DemoLog> {
  const told: Told[] = [];
  const news = new EventEmitter();
  const closing = new AbortController();
  const response = await fetch(`${origin}/api/demo/log`, { signal: closing.signal });
  const listening = read(response, (event) => {
    told.push(event);
    news.emit('told');
  });
  // It ends with the demo, or by close().
  listening.catch(() => undefined);
  const all = (match: Partial<Told>) => told.filter((event) => fits(event, match));
  return {
    told,
    count: (match) => all(match).length,
    async find(match, count = 1) {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      for (;;) {
        const found = all(match)[count - 1];
        if (found) return found;
        await once(news, 'told', { signal }).catch(() => {
          throw new Error(`Not told ${count} times: ${JSON.stringify(match)}`);
        });
      }
    },
    close: () => closing.abort(),
  };
}

function fits(event: Told, match: Partial<Told>): boolean {
  return Object.entries(match).every(([key, value]) => event[key as keyof Told] === value);
}

/** Each message of this stream is one line of `data`. */
async function read({ body }: Response, onEvent: (event: Told) => void): Promise<void> {
  let rest = '';
  for await (const text of body!.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) {
      if (line.startsWith('data: ')) onEvent(JSON.parse(line.slice('data: '.length)) as Told);
    }
  }
}
