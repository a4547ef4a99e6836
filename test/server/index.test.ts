import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import * as server from '../../src/server/index.js';

const SOURCES = new URL('../../src/server/', import.meta.url);

/** What the element has in common with the server part: words, no code of either's own. */
const SHARED = new URL('../../src/didit-status.ts', import.meta.url);

/** Types leave nothing at run time: without one of them this file does not compile. */
export type Exported = [
  ...[server.ApiKeyCredentials, server.ClientCredentials, server.VerificationCredentials],
  ...[server.DiditCredentials, server.DiditClientOptions, server.DiditOptions],
  ...[server.DiditSettings, server.Didit, server.DiditDecision, server.DiditSession],
  ...[server.SessionRequest, server.SessionContext, server.SessionFields, server.User],
  ...[server.DecisionContext, server.DecisionResult, server.DecisionSource],
  ...[server.ErrorBody, server.ErrorCode, server.HookName, server.LogEvent],
  server.UpstreamFailure,
];

async function sourceUrls(): Promise<URL[]> {
  const files = await readdir(SOURCES);
  return [...files.map((file) => new URL(file, SOURCES)), SHARED];
}

function importsOf(source: string): string[] {
  return [...source.matchAll(/(?:from|import)\s*\(?'([^']+)'/g)].map(
    ([, specifier = '']) => specifier,
  );
}

describe('didit-verify/server', () => {
  it('exports createDidit, the client and its errors, and nothing else at run time', () => {
    const names = Object.keys(server).sort();
    assert.deepEqual(names, [
      'DiditApiError',
      'DiditClient',
      'HookError',
      'createDidit',
      'signWebhook',
    ]);
  });

  it('imports its own files and the shared words alone', async () => {
    const urls = await sourceUrls();
    const own = new Set(urls.map(({ href }) => href));
    for (const url of urls) {
      for (const specifier of importsOf(await readFile(url, 'utf8'))) {
        assert.match(specifier, /^\.\.?\/[a-z-]+\.js$/, `${url.pathname} imports ${specifier}`);
        const target = new URL(specifier.replace(/\.js$/, '.ts'), url);
        assert.ok(own.has(target.href), `${url.pathname} imports ${specifier}`);
      }
    }
  });

  it('needs nothing of Node', async () => {
    for (const url of await sourceUrls()) {
      const source = await readFile(url, 'utf8');
      assert.doesNotMatch(source, /\bBuffer\b|(?<!\.)\bprocess\.|\brequire\(/, url.pathname);
    }
  });
});
