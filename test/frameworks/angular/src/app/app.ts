import { Component } from '@angular/core';
import { RouterLink, RouterOutlet } from '@angular/router';
import { routes } from './app.routes';

@Component({
  selector: 'app-root',
  imports: [RouterLink, RouterOutlet],
  template: `
    <nav>
      @for (route of routes; track route.path) {
        <a [routerLink]="'/' + route.path">{{ route.title }}</a>
      }
    </nav>
    <main><router-outlet /></main>
  `,
})
export class App {
  /** Those that are no block of a guide. */
  protected readonly routes = routes.filter(({ title }) => title);
}
