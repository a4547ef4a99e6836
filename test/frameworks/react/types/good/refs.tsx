import { createRef } from 'react';
import type { DiditVerifyElement, StateName } from 'didit-verify';

const ref = createRef<DiditVerifyElement>();

export const byObject = <didit-verify ref={ref} />;
export const byFunction = <didit-verify ref={(element) => void element?.start()} />;
export const restarted: Promise<StateName> | undefined = ref.current?.restart();
