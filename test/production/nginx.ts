import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { freePort } from './free-port.js';

export interface Front {
  /** For TLS, in PEM. */
  readonly cert: string;
  readonly key: string;
  /** Where the server behind it listens. */
  readonly upstream: number;
  /** Directives for all of its locations, besides `proxy_pass`. */
  readonly directives: readonly string[];
}

/** Runs nginx in front of a server, with TLS and HTTP/2, until the test ends; gives its port. */
export async function startNginx(test: TestContext, program: string, front: Front) {
  const folder = await mkdtemp(path.join(tmpdir(), 'nginx-'));
  test.after(() => rm(folder, { recursive: true, force: true }));
  // Its worker is another user where nginx is started by root.
  await chmod(folder, 0o755);
  const port = await freePort();
  await writeFile(path.join(folder, 'cert.pem'), front.cert);
  await writeFile(path.join(folder, 'key.pem'), front.key);
  await writeFile(path.join(folder, 'nginx.conf'), configuration(port, front));
  await run(test, program, ['-p', folder, '-c', 'nginx.conf', '-e', 'stderr']);
  return port;
}

/** Relative paths are in its own folder. */
function configuration(port: number, { upstream, directives }: Front): string {
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
      server {
        listen 127.0.0.1:${port} ssl http2;
        ssl_certificate cert.pem;
        ssl_certificate_key key.pem;
        ${directives.join('\n')}
        location / {
          proxy_pass http://127.0.0.1:${upstream};
        }
      }
    }`;
}

/** Resolves once it listens. */
async function run(test: TestContext, program: string, args: readonly string[]): Promise<void> {
  const nginx = spawn(program, args, { stdio: ['ignore', 'inherit', 'pipe'] });
  const ended = once(nginx, 'exit');
  test.after(async () => {
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
