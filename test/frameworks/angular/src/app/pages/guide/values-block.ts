import { Component, CUSTOM_ELEMENTS_SCHEMA, signal } from '@angular/core';
import type { DiditVerifyElement } from 'didit-verify';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <didit-verify resolver-url="/api/didit/session" [theme]="theme()" [strings]="strings" />
  `,
})
export class ValuesBlock {
  // docs/angular.md: What is checked: ts
}
