import { Component, input } from '@angular/core';

/** What is between its tags is made once, and kept while it is not shown. */
@Component({
  selector: 'app-panel',
  template: `
    @if (shown()) {
      <ng-content />
    }
  `,
})
export class Panel {
  readonly shown = input.required<boolean>();
}
