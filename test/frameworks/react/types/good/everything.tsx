import { useRef } from 'react';
import type { DiditVerifyElement } from 'didit-verify';

export function Everything({ token }: { token?: string }) {
  const verify = useRef<DiditVerifyElement>(null);

  return (
    <didit-verify
      key="verify"
      ref={verify}
      id="verify"
      className="wide"
      style={{ inlineSize: '32rem' }}
      lang="pt-BR"
      aria-label="Prove it"
      data-testid="verify"
      resolver-url="/api/didit/session"
      status-url={token && `/api/status?token=${token}`}
      scope="names email"
      vendor-data={token}
      with-credentials={token !== undefined}
      manual
      loading="lazy"
      presentation="dialog"
      open={false}
      refresh-expired="manual"
      no-resume
      timeout={5000}
      max-retries={0}
      poll-interval={500}
      allowed-hosts="verify.example"
      theme="dark"
      name="verification"
      required
      disabled={false}
      headers={() => ({ 'X-Token': token ?? '' })}
      strings={{ heading: 'Prove your age', 'rate-limited': 'Too many tries.' }}
      resolver={async ({ signal, reason, scope, vendorData }) =>
        fetch(`/api/${reason}`, { signal, body: JSON.stringify([scope, vendorData]) })
      }
      statusResolver={({ signal, sessionId }) =>
        fetch(`/api/status/${sessionId}`, { signal }).then((response) => response.text())
      }
      onClick={() => verify.current?.showModal()}
    >
      <h2 slot="heading">Prove it</h2>
    </didit-verify>
  );
}
