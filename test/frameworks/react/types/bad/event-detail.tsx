export const tag = <didit-verify onsession-completed={({ detail }) => detail.reason} />;
