import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Markup, html } from '../../src/sandbox/html.js';

test('values are escaped, in text and in both kinds of quotes', () => {
  const markup = html`<a title="${`"'`}">${'<script>&amp;'}</a>`;
  assert.equal(`${markup}`, '<a title="&#34;&#39;">&#60;script&#62;&#38;amp;</a>');
});

test('markup passes as it is, in lists as well; text in lists is escaped', () => {
  const items = [html`<b>${'<'}</b>`, '<', new Markup('<br>')];
  assert.equal(`${html`${items}`}`, '<b>&#60;</b>&#60;<br>');
});

test('nothing is written for null and undefined, and numbers as they are', () => {
  assert.equal(`${html`[${null}${undefined}${0}]`}`, '[0]');
});

test('no object can pass for markup', () => {
  const forged = { toString: () => '<script>' };
  assert.equal(`${html`${forged}`}`, '&#60;script&#62;');
});
