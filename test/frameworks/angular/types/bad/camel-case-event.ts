import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core';
import type { SessionCompletedDetail } from 'didit-verify';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `<didit-verify (sessionCompleted)="completed($event)" />`,
})
export class CamelCaseEvent {
  protected completed(_event: CustomEvent<SessionCompletedDetail>): void {}
}
