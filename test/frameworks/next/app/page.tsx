import { DefineVerify } from './define-verify';

export default function Home() {
  return (
    <main>
      <h1>Home</h1>
      <DefineVerify />
      <didit-verify resolver-url="/api/didit/session" allowed-hosts="127.0.0.1" />
    </main>
  );
}
