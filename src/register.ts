/** Registers `<didit-verify>`; all that the single file for script tags has to do. */
import { DiditVerifyElement } from './didit-verify-element.js';

DiditVerifyElement.define();
