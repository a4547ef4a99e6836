import { Component, CUSTOM_ELEMENTS_SCHEMA, signal } from '@angular/core';
import { FormControl, FormGroup, ReactiveFormsModule, Validators } from '@angular/forms';

@Component({
  imports: [ReactiveFormsModule],
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <!-- docs/angular.md: Forms: html 2 -->
    <output>{{ sent() }}</output>
  `,
})
export class ReactiveFormBlock {
  protected readonly form = new FormGroup({
    verification: new FormControl('', Validators.required),
  });
  protected readonly sent = signal('');

  protected order(value: object): void {
    this.sent.set(JSON.stringify(value));
  }
}
