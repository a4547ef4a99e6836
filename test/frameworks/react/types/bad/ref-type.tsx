import { createRef } from 'react';

const ref = createRef<HTMLInputElement>();

export const tag = <didit-verify ref={ref} />;
