import { Component, CUSTOM_ELEMENTS_SCHEMA } from '@angular/core';
import type {
  DiditVerifyEventMap,
  FinalName,
  SessionCompletedDetail,
  SessionReason,
  StateName,
  VerifyErrorCode,
} from 'didit-verify';

@Component({
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <didit-verify
      (session-created)="created($event); reason($event.detail.reason)"
      (status-changed)="states($event.detail.previousState, $event.detail.state)"
      (session-completed)="completed($event); end($event.detail.state)"
      (session-expired)="replaced($event.detail.willRefresh)"
      (error)="failed($event.detail.code, $event.detail.retryAfter)"
      (change)="plain($event)"
      (close)="plain($event)"
      (focusin)="focused($event)"
    />
  `,
})
export class Events {
  protected created(_event: DiditVerifyEventMap['session-created']): void {}
  protected reason(_reason: SessionReason): void {}
  protected states(_previous: StateName, _state: StateName): void {}
  protected completed(_event: CustomEvent<SessionCompletedDetail>): void {}
  protected end(_state: FinalName): void {}
  protected replaced(_willRefresh: boolean): void {}
  protected failed(_code: VerifyErrorCode, _retryAfter: number | undefined): void {}
  protected plain(_event: Event): void {}
  protected focused(_event: FocusEvent): void {}
}
