export const tag = <didit-verify strings="Prove it" />;
