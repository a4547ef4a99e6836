import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `<didit-verify (session-completed)="take($event.detail.outcome)" />`,
})
export class UnknownDetail {
  protected take(_value: unknown): void {}
}
