import '@awesome.me/webawesome/dist/components/qr-code/qr-code.js';
