import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';

/** What a process answers, by name. */
type Answers = Record<string, (argument: never) => unknown>;

/** Answers what the process that started this one asks; that keeps it alive until it is let go. */
export function answerQuestions(answers: Answers): void {
  process.on('message', ([name, argument]: [string, never]) => {
    void Promise.resolve(answers[name]!(argument)).then((answer) => process.send!([answer]));
  });
}

/** Runs a module of this folder in a process of its own, until the test ends. */
export function startProcess(test: TestContext, module: string, args: readonly string[] = []) {
  const execArgv = ['--expose-gc', '--import', 'tsx'];
  const child = fork(new URL(module, import.meta.url), args, { execArgv });
  const ended = once(child, 'exit') as Promise<[code: number | null, signal: string | null]>;
  test.after(() => child.kill('SIGKILL'));

  const ask = async <T = void>(question: string, argument?: unknown): Promise<T> => {
    const answer = once(child, 'message') as Promise<[[T]]>;
    child.send([question, argument]);
    const [[value]] = await Promise.race([answer, ended.then(fail)]);
    return value;
  };
  const fail = () => {
    throw new Error(`${module} ended`);
  };
  /** Asks it nothing more: it ends once it has nothing left to do. */
  const letGo = () => child.disconnect();
  return { ask, letGo, ended, kill: (signal: NodeJS.Signals) => child.kill(signal) };
}
