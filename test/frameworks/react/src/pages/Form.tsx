import { useState, type SubmitEvent } from 'react';

export function Form() {
  const [sent, setSent] = useState('');

  function send(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    setSent(JSON.stringify(Object.fromEntries(new FormData(event.currentTarget))));
  }

  return (
    <>
      <h1>Form</h1>
      <form onSubmit={send}>
        <didit-verify
          name="verification"
          required
          resolver-url="/api/didit/session"
          allowed-hosts="127.0.0.1"
        />
        <button>Send</button>
        <button type="reset">Reset</button>
      </form>
      <output>{sent}</output>
    </>
  );
}
