import { unsafeCSS } from 'lit';
import { styles as firstStyles } from './styles.js';
import { sessionStyles } from './session-styles.js';

/** One style sheet. The split build has the first of these in its place, and adds the others. */
export const styles = unsafeCSS(firstStyles.cssText + sessionStyles.cssText);
