import { DiditSdk } from '@didit-protocol/sdk-web';

globalThis.show = ({ sdk }) => DiditSdk.shared.startVerification(sdk);
