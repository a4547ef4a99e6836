import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A child that has not ended after so long is ended from outside. */
const END_MS = 5000;

/** To tell what a process holds from what it has not thrown away yet. */
const EXEC_ARGUMENTS = ['--expose-gc'];

const running = new Set();

/**
 * Starts a module of `processes/`, which answers by way of `serve.mjs`; resolves when it listens.
 * `apiUrl`: where it finds Didit.
 */
export async function start(name, apiUrl = '') {
  const file = fileURLToPath(new URL(`processes/${name}.mjs`, import.meta.url));
  const env = { ...process.env, BENCH_API_URL: apiUrl };
  const child = fork(file, { env, execArgv: [...process.execArgv, ...EXEC_ARGUMENTS] });
  running.add(child);
  const { port } = await nextMessage(name, child);
  return { name, child, url: `http://127.0.0.1:${port}` };
}

/** Has a process do one of its tasks, and gives what came of it; one at a time. */
export async function ask({ name, child }, task, argument) {
  demandRunning(name, child);
  child.send([task, argument]);
  return nextMessage(name, child);
}

/** Resolves when the process is gone. */
export async function stop({ name, child }) {
  demandRunning(name, child);
  await end(child);
}

/** To be called however the benchmark ends. */
export async function stopAll() {
  await Promise.all([...running].map(end));
}

async function end(child) {
  running.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  const timer = setTimeout(() => child.kill('SIGKILL'), END_MS);
  // It leaves by itself then, so that `node --cpu-prof` gets to write its profile.
  if (child.connected) child.disconnect();
  await gone;
  clearTimeout(timer);
}

/** A child that broke while nobody was listening. */
function demandRunning(name, child) {
  if (!child.connected) throw broke(name);
}

function broke(name) {
  return new Error(`The process ${name} has ended.`);
}

function nextMessage(name, child) {
  return new Promise((resolve, reject) => {
    const broken = () => reject(broke(name));
    child.once('exit', broken);
    child.once('message', (message) => {
      child.off('exit', broken);
      resolve(message);
    });
  });
}
