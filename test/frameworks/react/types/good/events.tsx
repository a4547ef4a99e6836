import type { SessionCompletedDetail } from 'didit-verify';

function done({ detail }: CustomEvent<SessionCompletedDetail>) {
  const state: 'approved' | 'declined' | 'in-review' | 'cancelled' = detail.state;
  console.log(state);
}

export const every = (
  <didit-verify
    onsession-created={({ detail }) => detail.expiresAt?.getTime()}
    onstatus-changed={({ detail }) => console.log(detail.previousState === detail.state)}
    onsession-completed={done}
    onsession-expired={({ detail }) => console.log(!detail.willRefresh)}
    onerror={({ detail }) => console.log(detail.code === 'rate-limited')}
    onchange={(event) => console.log(event.bubbles)}
    onclose={(event) => console.log(event.type)}
  />
);

export const change = <didit-verify onChange={(event) => console.log(event.currentTarget.value)} />;
