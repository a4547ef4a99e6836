import { Component, CUSTOM_ELEMENTS_SCHEMA, signal } from '@angular/core';
import type { DiditVerifyElement } from 'didit-verify';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <h1>Resolver</h1>
    <button type="button" (click)="renders.set(renders() + 1)">Render</button>
    <button type="button" (click)="tag.restart()">Restart</button>
    <didit-verify #tag allowed-hosts="127.0.0.1" scope="names" [resolver]="resolver" />
  `,
})
export class Resolver {
  protected readonly renders = signal(0);

  protected readonly resolver: DiditVerifyElement['resolver'] = ({ signal, reason, scope }) =>
    fetch('/api/didit/session', {
      method: 'POST',
      signal,
      headers: {
        'Content-Type': 'application/json',
        'X-Reason': reason,
        'X-Renders': String(this.renders()),
      },
      body: JSON.stringify({ scope }),
    });
}
