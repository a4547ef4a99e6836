export const tag = (
  <didit-verify onsession-created={(event: CustomEvent<string>) => event.detail} />
);
