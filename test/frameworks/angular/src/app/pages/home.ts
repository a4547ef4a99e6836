import { Component } from '@angular/core';

@Component({
  template: `
    <h1>Home</h1>
    <p>Nothing to prove here.</p>
  `,
})
export class Home {}
