import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core';
import type { SessionCompletedDetail } from 'didit-verify';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `<didit-verify (session-created)="completed($event)" />`,
})
export class OtherEvent {
  protected completed(_event: CustomEvent<SessionCompletedDetail>): void {}
}
