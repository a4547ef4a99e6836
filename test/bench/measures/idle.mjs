import { setTimeout as wait } from 'node:timers/promises';
import { median } from '../statistics.mjs';
import { statusSite } from '../status-site.mjs';
import { hide, launchWindows } from '../tabs.mjs';
import { idkitSite, sdkWebSite } from '../waiting-sites.mjs';
import { countWakeUps } from '../wake-ups.mjs';

export const title = 'Idle cost while a person is waited for';

const MINUTE_MS = 60_000;
const QUICK_MS = 10_000;
const MINUTES = 2;

/** Until what begins the wait is over. */
const SETTLE_MS = 3000;

/** What is waited for before a page waits, in the page. */
const BEGUN = {
  ours: () => globalThis.created,
  idkit: () => globalThis.connectorUri.then(() => undefined),
  sdkWeb: () => globalThis.begun,
};

const COLUMNS = ['timers', 'requests', 'arrivals', 'main thread ms'];

const HOW = `A real minute, twice, all pages at the same time, each with a window of its own. Timers: calls by \
timers and frames. Arrivals: pieces of answers, a stream's too. Main thread: processor time of all \
tasks. sdk-web waits inside of its frame, whose page is an empty one here.`;

export async function measure({ quick, log }) {
  const sites = await openSites();
  const browser = await launchWindows();
  try {
    const minutes = [];
    for (let number = 0; number < (quick ? 1 : MINUTES); number++) {
      minutes.push(await oneMinute(browser, sites, quick ? QUICK_MS : MINUTE_MS));
      log(`minute ${number + 1}`);
    }
    return ['visible', 'hidden'].map((sight) => tableOf(sight, sites, minutes));
  } finally {
    await browser.close();
    await Promise.all(sites.map(({ site }) => site.close()));
  }
}

async function openSites() {
  return [
    { name: 'didit-verify, polling', begun: 'ours', site: await statusSite({ events: false }) },
    { name: 'didit-verify, stream', begun: 'ours', site: await statusSite({ events: true }) },
    { name: 'IDKit', begun: 'idkit', site: await idkitSite() },
    { name: 'sdk-web', begun: 'sdkWeb', site: await sdkWebSite() },
  ];
}

/** What each page did, visible and hidden: `{ visible: [counts], hidden: [counts] }`. */
async function oneMinute(browser, sites, milliseconds) {
  const open = (sight) => Promise.all(sites.map((site) => openWaiting(browser, site, sight)));
  const pages = { visible: await open('visible'), hidden: await open('hidden') };
  await wait(SETTLE_MS);
  const all = [...pages.visible, ...pages.hidden];
  const before = await Promise.all(all.map(({ count }) => count()));
  await wait(milliseconds);
  await Promise.all(all.map(({ demandWaiting }) => demandWaiting()));
  const after = await Promise.all(all.map(({ count }) => count()));
  await Promise.all(all.map(({ close }) => close()));
  const perMinute = after.map((counts, index) =>
    counts.map((value, column) => ((value - before[index][column]) * MINUTE_MS) / milliseconds),
  );
  return { visible: perMinute.slice(0, sites.length), hidden: perMinute.slice(sites.length) };
}

/** A page in its waiting state; `count()` gives what it has done since it was opened. */
async function openWaiting(browser, { name, site, begun }, sight) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  await page.evaluateOnNewDocument(countWakeUps);
  const traffic = await countTraffic(page);
  await page.goto(site.url);
  await page.evaluate(BEGUN[begun]);
  if (sight === 'hidden') await hide(page);
  return {
    count: () => countsOf(page, traffic),
    close: () => context.close(),
    async demandWaiting() {
      const ended = await page.evaluate(() => Promise.race([globalThis.completed, null]));
      if (ended) throw new Error(`${name} does not wait: ${JSON.stringify(ended)}`);
    },
  };
}

async function countTraffic(page) {
  const session = await page.createCDPSession();
  const traffic = { session, requests: 0, arrivals: 0 };
  session.on('Network.requestWillBeSent', () => traffic.requests++);
  session.on('Network.dataReceived', () => traffic.arrivals++);
  await session.send('Network.enable');
  // By the processor's time: other pages wait beside it.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return traffic;
}

async function countsOf(page, { session, requests, arrivals }) {
  const { metrics } = await session.send('Performance.getMetrics');
  const { value } = metrics.find(({ name }) => name === 'TaskDuration');
  const timers = await Promise.all(
    page.frames().map((frame) => frame.evaluate(() => globalThis.wakeUps)),
  );
  return [timers.reduce((sum, one) => sum + one, 0), requests, arrivals, value * 1000];
}

function tableOf(sight, sites, minutes) {
  const rows = sites.map(({ name }, index) => ({
    name,
    cells: COLUMNS.map((_, column) => median(minutes.map((each) => each[sight][index][column]))),
  }));
  const how = sight === 'hidden' ? `${HOW} Hidden: behind another tab.` : HOW;
  const reach = sight === 'hidden' ? rows.slice(0, 2).map(noWakeUp) : [];
  return {
    id: `idle-${sight}`,
    title: `In a minute, ${sight}`,
    how,
    columns: COLUMNS,
    rows,
    reach,
  };
}

function noWakeUp({ name, cells: [timers, requests, arrivals] }) {
  const value = timers + requests + arrivals;
  return { what: `${name}: timers, requests and arrivals`, value, limit: 0, met: value === 0 };
}
