import '@shoelace-style/shoelace/dist/components/qr-code/qr-code.js';
