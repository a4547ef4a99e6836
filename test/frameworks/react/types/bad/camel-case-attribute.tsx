export const tag = <didit-verify resolverUrl="/api/didit/session" />;
