export const tag = <didit-verify onError={() => {}} />;
