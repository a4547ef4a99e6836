import { createServer } from 'node:http';

/**
 * Listens on a free port, tells the benchmark which, and does what it asks for: `tasks` by name, besides
 * those that each process has.
 */
export function serve(listener, tasks = {}) {
  const all = { ...usage, ...tasks };
  const server = createServer(listener);
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
  process.on('message', async ([task, argument]) => process.send(await all[task](argument)));
  // However the benchmark ends, nothing of it is left behind.
  process.on('disconnect', () => process.exit());
}

const usage = {
  /** Microseconds of all threads up to now. */
  cpu() {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  /** Bytes: of the process as it is, and of what it holds. */
  memory() {
    const rss = process.memoryUsage.rss();
    globalThis.gc();
    const { heapUsed, external } = process.memoryUsage();
    return { rss, held: heapUsed + external };
  },
};
