import { Component, CUSTOM_ELEMENTS_SCHEMA, signal } from '@angular/core';
import type { DiditVerifyElement, Resolver } from 'didit-verify';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <didit-verify
      presentation="dialog"
      required
      [disabled]="false"
      [pollInterval]="500"
      [theme]="theme()"
      [strings]="strings"
      [headers]="() => ({ 'X-Token': token() })"
      [resolver]="resolver"
    >
      <span slot="footer">Footer</span>
    </didit-verify>
  `,
})
export class Properties {
  protected readonly token = signal('');
  protected readonly theme = signal<DiditVerifyElement['theme']>('light');
  protected readonly strings: DiditVerifyElement['strings'] = { heading: 'Prove it' };
  protected readonly resolver: Resolver = ({ signal }) =>
    fetch('/api/didit/session', { method: 'POST', signal });

  // @ts-expect-error There is no such theme.
  protected readonly otherTheme: DiditVerifyElement['theme'] = 'blue';
  // @ts-expect-error There is no such word.
  protected readonly otherStrings: DiditVerifyElement['strings'] = { title: 'Prove it' };
  // @ts-expect-error Nothing that a session could be had from.
  protected readonly otherResolver: Resolver = () => 'session';
}
