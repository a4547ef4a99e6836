import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [sveltekit({ compilerOptions: { runes: true }, adapter: adapter() })],
  // docs/svelte.md: Development: ts
});
