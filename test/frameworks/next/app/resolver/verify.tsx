'use client';

import 'didit-verify';
import { useState } from 'react';

export default function Verify() {
  const [renders, setRenders] = useState(0);

  return (
    <>
      <didit-verify
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
    </>
  );
}
