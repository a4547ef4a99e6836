import { Component, CUSTOM_ELEMENTS_SCHEMA, signal } from '@angular/core';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <h1>Conditional</h1>
    <button type="button" (click)="shown.set(!shown())">Toggle</button>
    @if (shown()) {
      <didit-verify resolver-url="/api/didit/session" allowed-hosts="127.0.0.1" />
    }
  `,
})
export class Conditional {
  protected readonly shown = signal(true);
}
