/**
 * `didit-verify`: registers `<didit-verify>` and exports its class and types.
 */
import './register.js';

export * from './element.js';
