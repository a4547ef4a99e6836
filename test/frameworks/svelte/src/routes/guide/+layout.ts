/** Functions are not in HTML, and no event is to be missed before the handlers are there. */
export const ssr = false;
