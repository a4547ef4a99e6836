import '@reown/appkit-ui/wui-qr-code';
