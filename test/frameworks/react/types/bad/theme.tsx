export const tag = <didit-verify theme="blue" />;
