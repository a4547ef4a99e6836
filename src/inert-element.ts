/**
 * What workers get in place of the element: there is no page to show it on, and Lit cannot be
 * loaded there. The same name, so that code shared with a worker still links.
 */
export class DiditVerifyElement {
  /** Does nothing. */
  static define(): void {
    // No registry to define it in.
  }
}
