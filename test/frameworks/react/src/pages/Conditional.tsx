import { useState } from 'react';

export function Conditional() {
  const [shown, setShown] = useState(true);

  return (
    <>
      <h1>Conditional</h1>
      {shown && <didit-verify resolver-url="/api/didit/session" allowed-hosts="127.0.0.1" />}
      <button type="button" onClick={() => setShown(!shown)}>
        Toggle
      </button>
    </>
  );
}
