export const tag = <didit-verify headers={() => 5} />;
