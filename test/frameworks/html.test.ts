import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { it } from 'node:test';
import { prepare } from './application.js';
import { exercise } from './exercise.js';
import { assertApproves } from './quick-start.js';

const application = { name: 'Plain HTML', folder: 'html', builds: false, output: '.' };

exercise(application);

it('README’s first lines work word for word', { timeout: 120_000 }, async (t) => {
  const [, lines = ''] = /```html\n([^]*?)```/.exec(readFileSync('README.md', 'utf8'))!;
  const [, address = ''] = /src="(.*?)"/.exec(lines)!;
  const empty = mkdtempSync(path.join(tmpdir(), 'quick-start-'));
  t.after(() => rmSync(empty, { recursive: true }));
  writeFileSync(path.join(empty, 'index.html'), lines);
  // What the CDN has is what is packed.
  const installed = path.join(prepare(application), 'node_modules/didit-verify');
  const page = await assertApproves(t, empty, (opened) =>
    opened.route(address, (route) =>
      route.fulfill({ path: path.join(installed, address.replace(/^.*?@[\d.]+\//, '')) }),
    ),
  );
  // Before the server goes.
  await page.close();
});
