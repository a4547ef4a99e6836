import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <didit-verify #tag />
    <button type="button" (click)="take(tag.session.url)">Press</button>
  `,
})
export class NullableProperty {
  protected take(_value: unknown): void {}
}
