import { Component, CUSTOM_ELEMENTS_SCHEMA, signal } from '@angular/core';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: ` <!-- docs/angular.md: Attributes and properties: html --> `,
})
export class AttributesBlock {
  protected readonly scope = signal('names');
  protected readonly name = signal('Ada');
  protected readonly token = signal('a-token');
}
