export const tag = <didit-verify onClose={() => {}} />;
