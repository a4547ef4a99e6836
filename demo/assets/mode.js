/** Whether the local sandbox plays Didit, and so this page may play the phone. */
export async function isSandbox() {
  const { mode } = await (await fetch('/api/demo')).json();
  return mode === 'sandbox';
}
