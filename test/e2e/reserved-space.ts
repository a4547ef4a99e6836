import { Guide } from '../docs/guide.js';

/** The CSS that the guide tells pages to reserve the element's space with. */
export const RESERVED = new Guide('docs/element.md').take('Its space', 'css');
