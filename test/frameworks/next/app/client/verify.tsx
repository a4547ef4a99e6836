'use client';

import 'didit-verify';
import type { DiditVerifyElement } from 'didit-verify';
import { useRef, useState } from 'react';

export default function Verify() {
  const [renders, setRenders] = useState(0);
  const [outcome, setOutcome] = useState('');
  const verify = useRef<DiditVerifyElement>(null);

  return (
    <>
      <didit-verify
        ref={verify}
        resolver-url="/api/didit/session"
        allowed-hosts="127.0.0.1"
        strings={{ heading: 'Prove it ' + renders }}
        headers={() => ({ 'X-Renders': String(renders) })}
        onsession-completed={({ detail }) => setOutcome(detail.state)}
      >
        <span slot="footer">Rendered {renders}</span>
      </didit-verify>
      <button type="button" onClick={() => setRenders(renders + 1)}>
        Render
      </button>
      <button type="button" onClick={() => verify.current?.restart()}>
        Restart
      </button>
      <output>{outcome}</output>
    </>
  );
}
