import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Markup, html } from '../../src/sandbox/html.js';

test('values are escaped, in text and in both kinds of quotes', () => {
  const markup = html`<a title="${`"'`}">${'<script>&amp;'}</a>`;
  assert.equal(markup.toString(), '<a title="&#34;&#39;">&#60;script&#62;&#38;amp;</a>');
});

test('markup passes as it is, in lists as well; text in lists is escaped', () => {
  const items = [html`<b>${'<'}</b>`, '<', new Markup('<br>')];
  assert.equal(html`${items}`.toString(), '<b>&#60;</b>&#60;<br>');
});

test('nothing is written for null and undefined, and numbers as they are', () => {
  assert.equal(html`[${null}${undefined}${0}]`.toString(), '[0]');
});

test('no other object passes for markup', () => {
  const forged = Object.assign(['<script>'], { toString: () => '<script>' });
  assert.equal(html`${forged}`.toString(), '&#60;script&#62;');
});
