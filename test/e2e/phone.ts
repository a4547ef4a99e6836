import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a phone does at a session's URL: `open`, or what the page's form sends as `action`. */
export type Press =
  | 'open'
  | ('confirm' | 'decline' | 'cancel' | 'expire')
  | ('approve' | 'review' | 'resubmit' | 'await' | 'expire-kyc');

/**
 * Plays the phone at the sandbox's page, which has no script. All is sent in one packet (RFC 9112,
 * 9.3.2), so that however slow the machine is nobody asks for the status in between.
 */
export async function phone(url: string, ...presses: Press[]): Promise<void> {
  const { host, hostname, port, pathname } = new URL(url);
  const requests = presses.map((press, index) => {
    const isLast = index === presses.length - 1;
    const body = press === 'open' ? '' : `action=${press}`;
    return [
      `${press === 'open' ? 'GET' : 'POST'} ${pathname} HTTP/1.1`,
      `Host: ${host}`,
      `Connection: ${isLast ? 'close' : 'keep-alive'}`,
      `Content-Type: application/x-www-form-urlencoded`,
      `Content-Length: ${body.length}`,
      '',
      body,
    ].join('\r\n');
  });
  const socket = connect(Number(port), hostname);
  socket.write(requests.join(''));
  const answers = (await text(socket)).matchAll(/HTTP\/1\.1 (\d+) /g);
  const expected = presses.map((press) => (press === 'open' ? '200' : '303'));
  assert.deepEqual(
    Array.from(answers, ([, status]) => status),
    expected,
    `${presses.join(', ')} at the phone’s page`,
  );
}
