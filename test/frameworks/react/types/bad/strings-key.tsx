export const tag = <didit-verify strings={{ headline: 'Prove it' }} />;
