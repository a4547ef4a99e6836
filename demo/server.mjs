import { createAdaptorServer } from '@hono/node-server';
import { fileURLToPath } from 'node:url';
import { createBackend } from './backend.mjs';

// Pages and bundles are found from here, wherever this is started.
process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const MODES = {
  sandbox: `It speaks to the local sandbox: no account, no real data.
  With DIDIT_CLIENT_ID and DIDIT_CLIENT_SECRET set it speaks to the real Didit, or with
  DIDIT_API_KEY, and DIDIT_WORKFLOW_ID for verification.`,
  didit: 'It speaks to the real Didit, with your account.',
};

const HOST = '127.0.0.1';
const { DIDIT_CLIENT_ID, DIDIT_CLIENT_SECRET, DIDIT_API_KEY, DIDIT_WORKFLOW_ID, NODE_ENV } =
  process.env;

const account = readAccount();
if (NODE_ENV === 'production' && !account) {
  stop(
    'The sandbox is refused where NODE_ENV is production. Unset it, or set an account at Didit.',
  );
}

const port = readPort(process.env.PORT || '3000');
let backend;
const server = createAdaptorServer({ fetch: (request, env) => backend.app.fetch(request, env) });

server.on('error', (error) => {
  const next = port + 1;
  const taken = `Port ${port} is taken. Try another: PORT=${next} npm start`;
  const forbidden = `Port ${port} is not allowed. Try another: PORT=3000 npm start`;
  stop({ EADDRINUSE: taken, EACCES: forbidden }[error.code] ?? String(error));
});

server.listen(port, HOST, () => {
  const origin = `http://${HOST}:${server.address().port}`;
  backend = createBackend({ origin, account });
  console.log(`\n  didit-verify demo: ${origin}\n\n  ${MODES[backend.mode]}\n`);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => process.exit(0));
}

function readAccount() {
  if (Boolean(DIDIT_CLIENT_ID) !== Boolean(DIDIT_CLIENT_SECRET)) {
    stop('Set both DIDIT_CLIENT_ID and DIDIT_CLIENT_SECRET, or neither.');
  }
  if (DIDIT_CLIENT_ID && DIDIT_API_KEY) {
    stop('Set either DIDIT_CLIENT_ID and DIDIT_CLIENT_SECRET, or DIDIT_API_KEY.');
  }
  if (DIDIT_WORKFLOW_ID && !DIDIT_API_KEY) stop('DIDIT_WORKFLOW_ID needs DIDIT_API_KEY.');
  if (DIDIT_CLIENT_ID) return { clientId: DIDIT_CLIENT_ID, clientSecret: DIDIT_CLIENT_SECRET };
  if (!DIDIT_API_KEY) return null;
  return { apiKey: DIDIT_API_KEY, workflowId: DIDIT_WORKFLOW_ID || undefined };
}

function readPort(text) {
  const number = Number(text);
  if (/^\d+$/.test(text) && number <= 65_535) return number;
  return stop(`PORT must be a number from 0 to 65535, not "${text}".`);
}

function stop(message) {
  console.error(message);
  process.exit(1);
}
