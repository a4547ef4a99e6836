export const tag = <didit-verify ref={(element) => void element?.reload()} />;
