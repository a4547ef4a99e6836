export const tag = <didit-verify scope={['names', 'email']} />;
