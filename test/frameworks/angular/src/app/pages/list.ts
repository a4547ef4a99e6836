import { Component, CUSTOM_ELEMENTS_SCHEMA, signal } from '@angular/core';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <h1>List</h1>
    <button type="button" (click)="scopes.set([...scopes()].reverse())">Reverse</button>
    <button type="button" (click)="scopes.set(scopes().slice(1))">Remove</button>
    <ul>
      @for (scope of scopes(); track scope) {
        <li [attr.data-scope]="scope">
          <didit-verify
            resolver-url="/api/didit/session"
            allowed-hosts="127.0.0.1"
            [scope]="scope"
          />
        </li>
      }
    </ul>
  `,
})
export class List {
  protected readonly scopes = signal(['names', 'email', 'birthdate']);
}
