import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core';
import type { SessionCompletedDetail } from 'didit-verify';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `<div (session-completed)="completed($event)"><didit-verify /></div>`,
})
export class EventOnParent {
  protected completed(_event: CustomEvent<SessionCompletedDetail>): void {}
}
