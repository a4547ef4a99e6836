import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `<didit-verify (error)="take($event.detail.code === 'offline')" />`,
})
export class UnknownCode {
  protected take(_value: unknown): void {}
}
