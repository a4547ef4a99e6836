import { reactTypes, svelteTypes, vueTypes } from './framework-types.mjs';

/** The types for each framework, by the names of their files in `dist/`. */
export function frameworkFiles(element) {
  return {
    'types/vue.d.ts': vueTypes(element),
    'types/svelte.d.ts': svelteTypes(element),
    'types/react.d.ts': reactTypes(element),
  };
}
