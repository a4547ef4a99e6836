import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core';
import type { SessionCompletedDetail } from 'didit-verify';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `<didit-verify (session-complete)="completed($event)" />`,
})
export class UnknownEvent {
  protected completed(_event: CustomEvent<SessionCompletedDetail>): void {}
}
