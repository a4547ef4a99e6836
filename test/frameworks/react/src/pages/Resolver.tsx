import type { DiditVerifyElement } from 'didit-verify';
import { useRef, useState } from 'react';

export function Resolver() {
  const [renders, setRenders] = useState(0);
  const verify = useRef<DiditVerifyElement>(null);

  return (
    <>
      <h1>Resolver</h1>
      <didit-verify
        ref={verify}
        allowed-hosts="127.0.0.1"
        scope="names"
        resolver={({ signal, reason, scope }) =>
          fetch('/api/didit/session', {
            method: 'POST',
            signal,
            headers: {
              'Content-Type': 'application/json',
              'X-Reason': reason,
              'X-Renders': String(renders),
            },
            body: JSON.stringify({ scope }),
          })
        }
      />
      <button type="button" onClick={() => setRenders(renders + 1)}>
        Render
      </button>
      <button type="button" onClick={() => verify.current?.restart()}>
        Restart
      </button>
    </>
  );
}
