import { createSandbox } from 'didit-verify/sandbox';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { Guide } from '../docs/guide.js';
import { serve } from '../web-server.js';
import { startOwnServer } from './application.js';
import { follow, runCommand, writeFile } from './quick-start.js';
import { exerciseServed } from './served.js';

const start = ['.output/server/index.mjs'];

exerciseServed({ name: 'Nuxt', folder: 'nuxt', builds: true, start, bound: '/' });

follow({
  guide: 'vue.md',
  section: 'Quick start with Nuxt',
  start,
  further: { 'The backend in Nuxt': hearsOfPagesThatGo },
});

/** Both routes answer, and what they lead to hears when a page has gone. */
async function hearsOfPagesThatGo(t: TestContext, place: string): Promise<void> {
  const utils = path.join(place, 'server/utils');
  const shared = new Guide('docs/recipes.md').take('First, for all of them', 'js');
  writeFile(path.join(utils, 'didit.ts'), shared);
  writeFile(path.join(utils, 'your-site.js'), readFileSync('test/recipes/your-site.js', 'utf8'));
  runCommand('npm run build', place);

  const didit = await startDidit(t);
  const backend = await startBackend(t);
  const server = await startOwnServer(place, start, backend.origin, {
    ...{ DIDIT_API_KEY: 'a-key', DIDIT_WORKFLOW_ID: 'any', DIDIT_WEBHOOK_SECRET: 'a-secret' },
    DIDIT_API_URL: didit,
  });
  t.after(() => server.stop());

  const endpoint = `${server.origin}/api/didit/session`;
  const headers = { Cookie: 'user=ada', 'Sec-Fetch-Site': 'same-origin' };
  const created = await fetch(endpoint, {
    ...{ method: 'POST', body: '{}' },
    headers: { ...headers, 'Content-Type': 'application/json' },
  });
  assert.equal(created.status, 201);
  const { events_url } = (await created.json()) as { events_url: string };
  await comeAndGo(new URL(events_url, endpoint), headers);
  await server.says(/"events\.closed"/);

  await comeAndGo(new URL('/api/elsewhere', server.origin), headers);
  await backend.left;
}

/** A page that listens until it has heard something. */
async function comeAndGo(url: URL, headers: Record<string, string>): Promise<void> {
  const going = new AbortController();
  const { status, body } = await fetch(url, { headers, signal: going.signal });
  assert.equal(status, 200);
  await body!.getReader().read();
  going.abort();
}

/** The sandbox, which does not say that it is one: a built server would refuse it. */
async function startDidit(t: TestContext): Promise<string> {
  const sandbox = createSandbox({ apiKey: 'a-key' });
  const { origin, close } = await serve(async (request: Request) => {
    const { status, headers, body } = await sandbox.fetch(request);
    headers.delete('Didit-Sandbox');
    return new Response(body, { status, headers });
  });
  t.after(close);
  return origin;
}

/** A backend elsewhere, with a stream that is left. */
async function startBackend(t: TestContext) {
  let tell: () => void;
  const left = new Promise<void>((resolve) => (tell = resolve));
  const { origin, close } = await serve(() => {
    const stream = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode(':\n\n')),
      cancel: () => tell(),
    });
    return new Response(stream, { headers: { 'Content-Type': 'text/event-stream' } });
  });
  t.after(close);
  return { origin, left };
}
