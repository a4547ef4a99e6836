/** Didit's own SDK for pages, with the modal open at once. */
import { DiditSdk } from '@didit-protocol/sdk-web';

DiditSdk.shared.startVerification({ url: `${location.origin}/flow` });
globalThis.begun = Promise.resolve();
