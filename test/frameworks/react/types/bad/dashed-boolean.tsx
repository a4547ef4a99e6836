export const tag = <didit-verify no-resume="yes" />;
