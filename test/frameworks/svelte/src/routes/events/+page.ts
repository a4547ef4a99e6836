/** What it shows depends on its query, and no event is to be missed before the handlers are there. */
export const ssr = false;
