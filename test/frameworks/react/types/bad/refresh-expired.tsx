export const tag = <didit-verify refresh-expired="always" />;
