import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { released, stamped } from '../../scripts/release-stamp.mjs';

const JSDELIVR = 'https://cdn.jsdelivr.net/npm/didit-verify';
const MIN = 'dist/didit-verify.min.js';
const release = {
  version: '2.0.0',
  integrity: { [MIN]: 'sha384-min', 'dist/session-parts.js': 'sha384-qr' },
};

describe('stamped', () => {
  it('gives a script the version, its digest and CORS', () => {
    assert.equal(
      stamped(`<script src="${JSDELIVR}@1.2.3/${MIN}"></script>`, release),
      `<script src="${JSDELIVR}@2.0.0/${MIN}" integrity="sha384-min" crossorigin="anonymous"></script>`,
    );
  });

  it('keeps attributes on lines of their own', () => {
    const before = `<script\n  type="module"\n  src="${JSDELIVR}@1.2.3/${MIN}"\n></script>`;
    const after = `<script\n  type="module"\n  src="${JSDELIVR}@2.0.0/${MIN}"
  integrity="sha384-min"\n  crossorigin="anonymous"\n></script>`;
    assert.equal(stamped(before, release), after);
  });

  it('changes what an earlier release has written, and nothing of its own', () => {
    const earlier = `<script src="${JSDELIVR}@1.9.0-rc.1/${MIN}" integrity="sha384-old" crossorigin></script>`;
    const own = `<script src="${JSDELIVR}@2.0.0/${MIN}" integrity="sha384-min" crossorigin></script>`;
    assert.equal(stamped(earlier, release), own);
    assert.equal(stamped(own, release), own);
  });

  it('does the same for links, unpkg and import maps', () => {
    const link = `<link rel="modulepreload" href="https://unpkg.com/didit-verify@1.2.3/dist/session-parts.js" crossorigin />`;
    assert.match(stamped(link, release), /@2\.0\.0.* integrity="sha384-qr"/);
    const entry = `"${JSDELIVR}@1.2.3/dist/session-parts.js": "sha384-old",`;
    assert.equal(
      stamped(entry, release),
      `"${JSDELIVR}@2.0.0/dist/session-parts.js": "sha384-qr",`,
    );
  });

  it('leaves other addresses as they are, short ones too', () => {
    for (const text of [
      `<script src="${JSDELIVR}@1"></script>`,
      '<script src="https://cdn.jsdelivr.net/npm/lit@1.2.3/dist/didit-verify.min.js"></script>',
      'didit-verify@1.2.3',
    ])
      assert.equal(stamped(text, release), text);
  });

  it('refuses a file that there is none of', () => {
    const text = `<script src="${JSDELIVR}@1.2.3/dist/other.js"></script>`;
    assert.throws(() => stamped(text, release), /dist\/other\.js is not in the package/);
  });
});

describe('released', () => {
  const LOG = '# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n';
  const dated = { version: '2.0.0', date: '2026-01-31' };

  it('puts what was not released under the version, once', () => {
    const after = released(LOG, dated);
    assert.match(after, /## \[Unreleased\]\n\n## \[2\.0\.0\] - 2026-01-31\n\n### Added\n/);
    assert.equal(released(after, { ...dated, date: '2026-02-01' }), after);
  });
});
