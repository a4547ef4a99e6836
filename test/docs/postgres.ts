import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { makeWorkingCopy, readFolder } from '../working-copy.js';

/** As much of PGlite as is used here: Postgres itself, in WebAssembly. */
interface Database {
  query(sql: string): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
  close(): Promise<void>;
}

interface DatabaseServer {
  start(): Promise<void>;
  stop(): Promise<void>;
  getServerConn(): string;
}

interface Packages {
  readonly PGlite: { create(): Promise<Database> };
  readonly PGLiteSocketServer: new (options: {
    readonly db: Database;
    readonly host: string;
    readonly port: number;
    readonly maxConnections: number;
  }) => DatabaseServer;
}

/** Where Postgres and its client are installed. */
export const POSTGRES = path.resolve('.cache/docs/postgres');
const HOST = '127.0.0.1';

/** A Postgres that a site can connect to, and that can be down for a while. */
export class Postgres {
  readonly database: Database;
  readonly #packages: Packages;
  #server: DatabaseServer | undefined;
  #port = 0;

  private constructor(packages: Packages, database: Database) {
    this.#packages = packages;
    this.database = database;
  }

  static async start(): Promise<Postgres> {
    const packages = await install();
    const postgres = new Postgres(packages, await packages.PGlite.create());
    await postgres.comeBack();
    return postgres;
  }

  get url(): string {
    return `postgres://postgres:postgres@${HOST}:${this.#port}/postgres`;
  }

  async comeBack(): Promise<void> {
    this.#server = new this.#packages.PGLiteSocketServer({
      ...{ db: this.database, host: HOST, port: this.#port, maxConnections: 10 },
    });
    await this.#server.start();
    this.#port = Number(this.#server.getServerConn().split(':').at(-1));
  }

  /** Cuts all connections. */
  async goDown(): Promise<void> {
    await this.#server?.stop();
    this.#server = undefined;
  }

  async end(): Promise<void> {
    await this.goDown();
    await this.database.close();
  }
}

async function install(): Promise<Packages> {
  makeWorkingCopy(POSTGRES, readFolder('test/docs/postgres'), {
    ownPackage: 'package.json',
    finish: () => undefined,
  });
  const { resolve } = createRequire(path.join(POSTGRES, 'package.json'));
  const names = ['@electric-sql/pglite', '@electric-sql/pglite-socket'];
  const found = names.map((name) => import(pathToFileURL(resolve(name)).href) as Promise<object>);
  const packages = Object.assign({}, ...(await Promise.all(found))) as Packages;
  assert.ok(packages.PGlite);
  return packages;
}
