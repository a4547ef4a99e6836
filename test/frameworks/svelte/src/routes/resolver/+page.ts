/** The resolver is a function, which no HTML has. */
export const ssr = false;
