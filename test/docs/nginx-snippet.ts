import { generate } from 'selfsigned';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { freePort } from '../production/free-port.js';

/** nginx as a guide sets it up. */
export interface NginxSite {
  readonly port: number;
  /** The certificate, for whoever connects. */
  readonly cert: string;
  /** What a log has by now, by the name of its file. */
  log(name: string): string;
}

/**
 * Runs what a guide shows to be in nginx's `http` block, until the test ends: as it stands, but for
 * the ports, and the folders of certificates and logs.
 */
export async function startNginxSnippet(
  t: TestContext,
  program: string,
  { snippet, host, upstream }: { snippet: string; host: string; upstream: string },
): Promise<NginxSite> {
  const folder = await mkdtemp(path.join(tmpdir(), 'nginx-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  // Its worker is another user where nginx is started by root.
  await chmod(folder, 0o755);
  const altNames = [{ type: 2, value: host } as const];
  const { cert, private: key } = await generate([{ name: 'commonName', value: host }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames }],
  });
  await writeFile(path.join(folder, `${host}.pem`), cert);
  await writeFile(path.join(folder, `${host}.key`), key);
  const port = await freePort();
  const local = [
    ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`],
    ['/etc/ssl/', `${folder}/`],
    ['/var/log/nginx/', `${folder}/`],
    ['http://127.0.0.1:3000', upstream],
  ].reduce((text, [shown, own]) => replaced(text, shown!, own!), snippet);
  await writeFile(path.join(folder, 'nginx.conf'), around(local));
  await run(t, program, ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr']);
  return { port, cert, log: (name) => readFileSync(path.join(folder, name), 'utf8') };
}

function replaced(text: string, shown: string, own: string): string {
  assert.ok(text.includes(shown), `the snippet has no ${shown}`);
  return text.replaceAll(shown, own);
}

/** Relative paths are in its own folder. */
function around(snippet: string): string {
  return `
    daemon off;
    worker_processes 1;
    pid nginx.pid;
    error_log stderr notice;
    events {}
    http {
      access_log off;
      client_body_temp_path body;
      proxy_temp_path proxy;
      fastcgi_temp_path fastcgi;
      uwsgi_temp_path uwsgi;
      scgi_temp_path scgi;
      ${snippet}
    }`;
}

/** Resolves once it listens. */
async function run(t: TestContext, program: string, args: readonly string[]): Promise<void> {
  const nginx = spawn(program, args, { stdio: ['ignore', 'inherit', 'pipe'] });
  const ended = once(nginx, 'exit');
  t.after(async () => {
    nginx.kill('SIGTERM');
    await ended;
  });
  let said = '';
  const starts = new Promise<void>((resolve) => {
    nginx.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('start worker process ')) resolve();
    });
  });
  await Promise.race([starts, ended.then(() => assert.fail(said))]);
}
