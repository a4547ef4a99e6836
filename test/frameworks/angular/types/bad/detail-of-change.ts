import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `<didit-verify (change)="take($event.detail)" />`,
})
export class DetailOfChange {
  protected take(_value: unknown): void {}
}
