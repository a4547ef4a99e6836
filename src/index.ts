/**
 * `didit-verify`: registers `<didit-verify>` and exports its class and types.
 */
import { DiditVerifyElement } from './element.js';

export * from './element.js';

DiditVerifyElement.define();
