export default {
  '/api': { target: process.env.BACKEND, changeOrigin: true },
};
