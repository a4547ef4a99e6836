import { Component, CUSTOM_ELEMENTS_SCHEMA, type ElementRef, viewChild } from '@angular/core';
import type { DiditVerifyElement } from 'didit-verify';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <didit-verify #tag resolver-url="/api/didit/session" />
    <button type="button" (click)="restart()">Start again</button>
  `,
})
export class ElementBlock {
  // docs/angular.md: References and methods: ts

  protected restart(): void {
    void this.tag().nativeElement.restart();
  }
}
