import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core';
import type { DiditVerifyEventMap, SessionCompletedDetail } from 'didit-verify';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <didit-verify
      resolver-url="/api/didit/session"
      (session-completed)="completed($event)"
      (error)="failed($event)"
    />
  `,
})
export class EventsBlock {
  // docs/angular.md: Events: ts
}
