export const tag = <didit-verify onSessionCompleted={() => {}} />;
