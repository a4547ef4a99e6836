export const tag = <didit-verify locale="de" />;
