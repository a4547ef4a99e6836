export const tag = <didit-verify onsession-completed={({ detail }) => detail.state === 'ready'} />;
