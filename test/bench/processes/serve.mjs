import { createServer } from 'node:http';

/** Listens on a free port, tells the benchmark which, and what this process has used when asked. */
export function serve(listener) {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
  process.on('message', () => process.send(usage()));
  // However the benchmark ends, nothing of it is left behind.
  process.on('disconnect', () => process.exit());
}

function usage() {
  const { user, system } = process.cpuUsage();
  return { rss: process.memoryUsage.rss(), cpuMicros: user + system };
}
