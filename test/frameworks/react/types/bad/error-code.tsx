export const tag = <didit-verify onerror={({ detail }) => detail.code === 'offline'} />;
