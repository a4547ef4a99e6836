import { Component, CUSTOM_ELEMENTS_SCHEMA, input, signal } from '@angular/core';
import type { DiditVerifyElement } from 'didit-verify';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <h1>Events</h1>
    <didit-verify
      name="verification"
      allowed-hosts="127.0.0.1"
      [resolverUrl]="to() ?? '/api/didit/session'"
      [presentation]="presentation() ?? 'inline'"
      (session-created)="tell('session-created', $event.detail.reason)"
      (status-changed)="tell('status-changed', $event.detail.previousState, $event.detail.state)"
      (session-completed)="tell('session-completed', $event.detail.state)"
      (session-expired)="tell('session-expired', $event.detail.willRefresh)"
      (error)="tell('error', $event.detail.code)"
      (change)="tell($event.type)"
      (close)="tell($event.type)"
    />
    <ol>
      @for (line of lines(); track $index) {
        <li>{{ line }}</li>
      }
    </ol>
  `,
})
export class Events {
  /** Query parameters, by the router. */
  readonly to = input<string>();
  readonly presentation = input<DiditVerifyElement['presentation']>();

  protected readonly lines = signal<readonly string[]>([]);

  protected tell(...words: unknown[]): void {
    this.lines.update((lines) => [...lines, words.join(' ')]);
  }
}
