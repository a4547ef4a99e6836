export const tag = <didit-verify onInvalid={() => {}} />;
