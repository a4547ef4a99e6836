export const tag = <didit-verify value="approved" />;
