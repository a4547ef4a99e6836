import { useState } from 'react';

export function Binding() {
  const [renders, setRenders] = useState(0);
  const [scope, setScope] = useState('names');
  const [theme, setTheme] = useState<'light' | 'dark'>('light');
  const [disabled, setDisabled] = useState(false);

  return (
    <>
      <h1>Binding</h1>
      <didit-verify
        resolver-url="/api/didit/session"
        allowed-hosts="127.0.0.1"
        scope={scope}
        theme={theme}
        disabled={disabled}
        poll-interval={500}
        strings={{ heading: 'Prove it ' + renders }}
        headers={() => ({ 'X-Renders': String(renders) })}
      >
        <span slot="footer">Rendered {renders}</span>
      </didit-verify>
      <button type="button" onClick={() => setRenders(renders + 1)}>
        Render
      </button>
      <button type="button" onClick={() => setScope('names email')}>
        Scope
      </button>
      <button type="button" onClick={() => setTheme(theme === 'light' ? 'dark' : 'light')}>
        Theme
      </button>
      <button type="button" onClick={() => setDisabled(!disabled)}>
        Disable
      </button>
    </>
  );
}
