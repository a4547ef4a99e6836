export const tag = <didit-verify loading="later" />;
