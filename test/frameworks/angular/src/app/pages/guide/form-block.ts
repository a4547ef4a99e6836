import { Component, CUSTOM_ELEMENTS_SCHEMA, signal } from '@angular/core';
import { FormsModule } from '@angular/forms';

@Component({
  imports: [FormsModule],
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <!-- docs/angular.md: Forms: html -->
    <output>{{ sent() }}</output>
  `,
})
export class FormBlock {
  protected readonly sent = signal('');

  protected send(form: HTMLFormElement): void {
    this.sent.set(JSON.stringify(Object.fromEntries(new FormData(form))));
  }
}
