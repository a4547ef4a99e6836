const { env } = process;

/** What the environment may change, with the defaults that results are compared by. */
export const options = {
  rounds: positive('BENCH_ROUNDS', 7),
  /** Of each round, and of the wait for status calls. */
  seconds: positive('BENCH_SECONDS', 3),
  connections: positive('BENCH_CONNECTIONS', 20),
};

/** The same for `npm run bench:status`. */
export const statusOptions = {
  /** For each way that a status takes. */
  sessions: positive('BENCH_SESSIONS', 50),
};

function positive(name, byDefault) {
  const number = Number(env[name] || byDefault);
  if (Number.isInteger(number) && number > 0) return number;
  throw new RangeError(`${name} must be a whole number from 1 on, not "${env[name]}".`);
}
