import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig, loadEnv } from 'vite';

export default defineConfig(({ mode }) => {
  const { BACKEND } = loadEnv(mode, '.', 'BACKEND');
  return {
    plugins: [sveltekit({ compilerOptions: { runes: true }, adapter: adapter() })],
    server: {
      host: '127.0.0.1',
      proxy: { '/api': { target: BACKEND, changeOrigin: true } },
    },
  };
});
