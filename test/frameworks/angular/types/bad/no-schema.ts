import { Component } from '@angular/core';

@Component({
  template: `<didit-verify />`,
})
export class NoSchema {}
