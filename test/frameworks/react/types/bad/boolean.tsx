export const tag = <didit-verify manual="yes" />;
