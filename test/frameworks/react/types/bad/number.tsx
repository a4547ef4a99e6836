export const tag = <didit-verify poll-interval="soon" />;
