export const tag = <didit-verify presentation="popup" />;
