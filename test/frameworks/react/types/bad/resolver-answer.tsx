export const tag = <didit-verify resolver={() => ({ id: 5 })} />;
