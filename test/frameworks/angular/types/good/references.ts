import { Component, CUSTOM_ELEMENTS_SCHEMA, ElementRef, viewChild } from '@angular/core';
import type { DiditVerifyElement, StateName } from 'didit-verify';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <didit-verify #tag (change)="keep(tag.value)" />
    <button type="button" (click)="tag.restart()">Restart</button>
    <button type="button" (click)="restart()">{{ tag.session?.sessionId }}</button>
    <button type="button" (click)="tag.theme = 'dark'">Dark</button>
    <button type="button" (click)="take(tag)">{{ tag.error?.code }}</button>
  `,
})
export class References {
  private readonly tag = viewChild.required<ElementRef<DiditVerifyElement>>('tag');

  protected restart(): Promise<StateName> {
    return this.tag().nativeElement.restart();
  }

  protected reload(): void {
    // @ts-expect-error There is no such method.
    this.tag().nativeElement.reload();
  }

  protected keep(_value: string): void {}
  protected take(_tag: DiditVerifyElement): void {}
}
