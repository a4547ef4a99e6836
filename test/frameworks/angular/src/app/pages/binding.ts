import { Component, CUSTOM_ELEMENTS_SCHEMA, signal } from '@angular/core';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <h1>Binding</h1>
    <button type="button" (click)="renders.set(renders() + 1)">Render</button>
    <button type="button" (click)="scope.set('names email')">Scope</button>
    <button type="button" (click)="theme.set(theme() === 'light' ? 'dark' : 'light')">Theme</button>
    <button type="button" (click)="disabled.set(!disabled())">Disable</button>
    <didit-verify
      resolver-url="/api/didit/session"
      allowed-hosts="127.0.0.1"
      [scope]="scope()"
      [theme]="theme()"
      [disabled]="disabled()"
      [pollInterval]="500"
      [strings]="{ heading: 'Prove it ' + renders() }"
      [headers]="() => ({ 'X-Renders': '' + renders() })"
    >
      <span slot="footer">Rendered {{ renders() }}</span>
    </didit-verify>
  `,
})
export class Binding {
  protected readonly renders = signal(0);
  protected readonly scope = signal('names');
  protected readonly theme = signal<'light' | 'dark'>('light');
  protected readonly disabled = signal(false);
}
