import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <didit-verify #tag />
    <button type="button" (click)="tag.reload()">Press</button>
  `,
})
export class UnknownMethod {}
