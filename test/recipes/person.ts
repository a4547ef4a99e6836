/** What a create is answered with. */
export interface Created {
  readonly session_id: string;
  readonly url: string;
  readonly status: string;
  readonly status_url: string;
  readonly events_url: string;
}

/** A page's stream of events. */
export interface Stream {
  readonly headers: Headers;
  /** The next message, or undefined at the end. */
  next(): Promise<string | undefined>;
  hangUp(): void;
}

const PATH = '/api/didit/session';

/** What browsers say of the page that asks; those before `Sec-Fetch-Site`, by `Origin` alone. */
export const browsers = {
  own: (origin: string) => ({ Origin: origin, 'Sec-Fetch-Site': 'same-origin' }),
  ownOlder: (origin: string) => ({ Origin: origin }),
  foreign: () => ({ Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }),
  foreignOlder: () => ({ Origin: 'https://evil.example' }),
};

/** Somebody before a page of the site, or of another; without a name, not logged in. */
export function personAt(origin: string, name?: string, browser: keyof typeof browsers = 'own') {
  const resource = origin + PATH;
  const headers = {
    ...browsers[browser](origin),
    ...(name === undefined ? {} : { Cookie: `user=${name}` }),
  };
  const post = () => {
    const json = { 'Content-Type': 'application/json' };
    return fetch(resource, { method: 'POST', headers: { ...headers, ...json }, body: '{}' });
  };
  return {
    post,
    options: () => fetch(resource, { method: 'OPTIONS', headers }),
    async create(): Promise<Created> {
      return (await (await post()).json()) as Created;
    },
    status: ({ status_url }: Created) => fetch(new URL(status_url, resource), { headers }),
    async listen({ events_url }: Created): Promise<Stream> {
      const leaving = new AbortController();
      const { signal } = leaving;
      const answer = await fetch(new URL(events_url, resource), { headers, signal });
      const messages = messagesOf(answer);
      return {
        headers: answer.headers,
        next: async () => (await messages.next()).value ?? undefined,
        hangUp: () => leaving.abort(),
      };
    },
  };
}

async function* messagesOf({ body }: Response): AsyncGenerator<string, void> {
  let rest = '';
  for await (const text of body!.pipeThrough(new TextDecoderStream())) {
    const messages = (rest + text).split('\n\n');
    rest = messages.pop()!;
    // One of a colon alone is a heartbeat.
    yield* messages.filter((message) => message !== ':');
  }
}
