export const tag = <didit-verify statusResolver={() => 5} />;
