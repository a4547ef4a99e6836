/**
 * An instance with 5,000 pages that listen, in a process of its own. Sends each session's webhook to
 * another instance, and writes down after how many milliseconds its page has heard.
 */
import { heard, instanceHere, pagesAt } from './redis-instances.js';

const { DIDIT_URL = '', REDIS_URL = '', OTHER = '' } = process.env;

/** How many creates, and how many webhooks, are under way at a time. */
const CREATES = 50;
const WEBHOOKS = 100;

const other = pagesAt(OTHER);
// It hardly asks Didit by itself: what its pages hear, they hear by the webhooks.
const own = instanceHere(DIDIT_URL, REDIS_URL, { log: undefined, statusBudget: 1 });
const people = Array.from({ length: 5000 }, (_, index) => `person-${index}`);

const pages = await inTurn(people, CREATES, async (person) => {
  const { status_url } = await own.create(person);
  const next = await own.listen(person, status_url);
  await heard(next, 'Not Started');
  return { person, next };
});
const delays = await inTurn(pages, WEBHOOKS, async ({ person, next }) => {
  const sentAt = performance.now();
  const status = await other.tell(person, 'Approved');
  if (status !== 200) throw new Error(`a webhook was answered ${status}`);
  return (await heard(next, 'Approved')) - sentAt;
});
console.log(JSON.stringify(delays));
await own.end();

/** Does it for all, with so many under way at a time. */
async function inTurn<T, R>(
  all: readonly T[],
  most: number,
  task: (one: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const entries = all.entries();
  const worker = async () => {
    for (const [index, one] of entries) results[index] = await task(one);
  };
  await Promise.all(Array.from({ length: most }, worker));
  return results;
}
