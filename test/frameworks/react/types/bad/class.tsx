export const tag = <didit-verify class="wide" />;
