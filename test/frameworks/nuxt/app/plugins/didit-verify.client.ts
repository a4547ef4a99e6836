import type {} from 'didit-verify/vue';

export default defineNuxtPlugin(() => {
  // After hydration, when Vue has set the properties of what the server has rendered.
  onNuxtReady(() => import('didit-verify'));
});
