import { Activity, useState } from 'react';

export function Keep() {
  const [panel, setPanel] = useState<'verify' | 'other'>('verify');

  return (
    <>
      <h1>Keep</h1>
      <Activity mode={panel === 'verify' ? 'visible' : 'hidden'}>
        <didit-verify resolver-url="/api/didit/session" allowed-hosts="127.0.0.1" />
      </Activity>
      {panel === 'other' && <p>Something else.</p>}
      <button type="button" onClick={() => setPanel('verify')}>
        Verify
      </button>
      <button type="button" onClick={() => setPanel('other')}>
        Other
      </button>
    </>
  );
}
