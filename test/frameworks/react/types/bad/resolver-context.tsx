export const tag = <didit-verify resolver={({ sessionId }) => fetch(sessionId)} />;
