const { env } = process;

/** What the environment may change of `npm run bench:status`, with what results are compared by. */
export const statusOptions = {
  /** For each way that a status takes. */
  sessions: positive('BENCH_SESSIONS', 50),
};

function positive(name, byDefault) {
  const number = Number(env[name] || byDefault);
  if (Number.isInteger(number) && number > 0) return number;
  throw new RangeError(`${name} must be a whole number from 1 on, not "${env[name]}".`);
}
