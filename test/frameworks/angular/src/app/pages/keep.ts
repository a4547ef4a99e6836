import { Component, CUSTOM_ELEMENTS_SCHEMA, signal } from '@angular/core';
import { Panel } from '../panel';

@Component({
  imports: [Panel],
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <h1>Keep</h1>
    <button type="button" (click)="shown.set('verify')">Verify</button>
    <button type="button" (click)="shown.set('other')">Other</button>
    <app-panel [shown]="shown() === 'verify'">
      <didit-verify resolver-url="/api/didit/session" allowed-hosts="127.0.0.1" />
    </app-panel>
    <app-panel [shown]="shown() === 'other'">
      <p>Something else.</p>
    </app-panel>
  `,
})
export class Keep {
  protected readonly shown = signal<'verify' | 'other'>('verify');
}
