import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [
    vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === 'didit-verify' } } }),
  ],
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: process.env.BACKEND, changeOrigin: true } },
  },
});
