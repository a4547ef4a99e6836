export const tag = <didit-verifi />;
