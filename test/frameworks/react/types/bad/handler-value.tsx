export const tag = <didit-verify onsession-created="created()" />;
