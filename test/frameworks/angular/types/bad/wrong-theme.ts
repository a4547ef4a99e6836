import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <didit-verify #tag />
    <button type="button" (click)="tag.theme = 'blue'">Press</button>
  `,
})
export class WrongTheme {}
