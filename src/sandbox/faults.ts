import { sleep } from '../server/sleep.js';
import type { Closing } from './closing.js';
import type { SandboxCall, SandboxFault } from './fault.js';
import { Refusal } from './refusal.js';
import type { Settings } from './sandbox-options.js';

/** Carries a call out. */
type Handle = () => Promise<Response>;

const DELAY_S = 3;
const RETRY_AFTER_S = 5;
const WORDS = 'The sandbox was told to fail.';

/** What is to go wrong, until it is over or healed. */
export class Faults {
  #settings: Settings;
  #closing: Closing;
  #faults: readonly SandboxFault[] = [];

  constructor(settings: Settings, closing: Closing) {
    this.#settings = settings;
    this.#closing = closing;
  }

  /** What is still to go wrong, in this order. */
  get list(): readonly SandboxFault[] {
    return this.#faults;
  }

  /** Takes the place of all that was to go wrong. */
  set(faults: readonly SandboxFault[]): void {
    this.#faults = faults;
  }

  /**
   * Answers a call, or spoils it by the first fault that means it.
   *
   * @throws Refusal
   */
  async answer(call: SandboxCall, handle: Handle): Promise<Response> {
    const fault = this.#take(call);
    if (!fault) return handle();
    const { log, now } = this.#settings;
    log({ type: 'fault.applied', at: now(), fault: fault.kind, call });
    return this.#spoil(fault, handle);
  }

  #take(call: SandboxCall): SandboxFault | undefined {
    const fault = this.#faults.find((one) => one.call === undefined || one.call === call);
    if (fault?.times === undefined) return fault;
    const rest = { ...fault, times: fault.times - 1 };
    this.#faults = this.#faults
      .map((one) => (one === fault ? rest : one))
      .filter(({ times }) => times !== 0);
    return fault;
  }

  async #spoil(fault: SandboxFault, handle: Handle): Promise<Response> {
    const { kind, delay = DELAY_S, retryAfter = RETRY_AFTER_S } = fault;
    switch (kind) {
      case 'slow':
        await this.#closing.run(({ signal }) => sleep(delay * 1000, signal));
        return handle();
      case 'unauthorized':
        throw new Refusal(401, WORDS);
      case 'rate-limited':
        throw new Refusal(429, WORDS, { 'Retry-After': String(retryAfter) });
      case 'failing':
        throw new Refusal(500, WORDS);
      case 'broken-json':
        return halved(await handle());
      case 'cut':
        await handle();
        return cutOff();
    }
  }
}

/** An answer that has no body stays whole. */
async function halved(response: Response): Promise<Response> {
  if (response.body === null) return response;
  const text = await response.text();
  return new Response(text.slice(0, Math.floor(text.length / 2)), response);
}

/** Servers end the connection of a body that fails; a call of `fetch` itself fails in reading it. */
function cutOff(): Response {
  const body = new ReadableStream({
    start: (controller) => controller.error(new TypeError('The sandbox cut the connection.')),
  });
  return new Response(body);
}
