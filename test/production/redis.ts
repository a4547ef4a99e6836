import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once, type EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { createStorage, type Driver } from 'unstorage';
import redisDriver from 'unstorage/drivers/redis';
import { programOf } from '../../scripts/programs.mjs';
import { freePort } from './free-port.js';

const program = programOf('redis-server');

/** Where it is not installed, why a test is left out. */
export const leftOut = program ? false : 'redis-server is not installed';

/** A Redis server of its own, which keeps nothing on disk. */
export class RedisServer {
  readonly port: number;
  #folder: string;
  #server: ChildProcess | null = null;

  constructor(port: number, folder: string) {
    this.port = port;
    this.#folder = folder;
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    assert.ok(program);
    const options = { port: `${this.port}`, bind: '127.0.0.1', dir: this.#folder, save: '' };
    const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
    this.#server = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface(this.#server.stdout!)) {
      if (line.includes('Ready to accept connections')) return;
    }
    assert.fail('redis-server has ended before it was ready');
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (server?.exitCode !== null) return;
    const ended = once(server, 'exit');
    server.kill('SIGKILL');
    await ended;
  }
}

/** Starts one for a test. */
export async function startRedis(test: TestContext): Promise<RedisServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'redis-'));
  const redis = new RedisServer(await freePort(), folder);
  test.after(async () => {
    await redis.stop();
    rmSync(folder, { recursive: true });
  });
  await redis.start();
  return redis;
}

/** A site's store, as the documentation shows it. */
export function storageAt(url: string) {
  const driver = redisDriver({ url }) as Driver<object, EventEmitter>;
  // Else it writes to the console whenever it finds no server.
  driver.getInstance?.().on('error', () => undefined);
  return createStorage({ driver });
}
