import type { ComponentProps } from 'react';

export function Verify(props: ComponentProps<'didit-verify'>) {
  return <didit-verify resolver-url="/api/didit/session" {...props} />;
}

export const verify = <Verify scope="names" onsession-completed={({ detail }) => detail.state} />;
