import { Component, CUSTOM_ELEMENTS_SCHEMA, signal } from '@angular/core';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <h1>Form</h1>
    <form #form (submit)="$event.preventDefault(); send(form)">
      <didit-verify
        name="verification"
        required
        resolver-url="/api/didit/session"
        allowed-hosts="127.0.0.1"
      />
      <button>Send</button>
      <button type="reset">Reset</button>
    </form>
    <output>{{ sent() }}</output>
  `,
})
export class Form {
  protected readonly sent = signal('');

  protected send(form: HTMLFormElement): void {
    this.sent.set(JSON.stringify(Object.fromEntries(new FormData(form))));
  }
}
