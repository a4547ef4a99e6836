import { useState } from 'react';

export function List() {
  const [scopes, setScopes] = useState(['names', 'email', 'birthdate']);

  return (
    <>
      <h1>List</h1>
      <ul>
        {scopes.map((scope) => (
          <li key={scope} data-scope={scope}>
            <didit-verify
              resolver-url="/api/didit/session"
              allowed-hosts="127.0.0.1"
              scope={scope}
            />
          </li>
        ))}
      </ul>
      <button type="button" onClick={() => setScopes(scopes.toReversed())}>
        Reverse
      </button>
      <button type="button" onClick={() => setScopes(scopes.slice(1))}>
        Remove
      </button>
    </>
  );
}
