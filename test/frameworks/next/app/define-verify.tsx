'use client';

import 'didit-verify';

/** Nothing to see: it brings the element's script into the page. */
export function DefineVerify() {
  return null;
}
