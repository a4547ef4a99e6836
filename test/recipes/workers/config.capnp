# How the recipe runs in tests: one of these for each run, on ports that are free. Whatever the worker
# fetches reaches the sandbox, under Didit's own addresses; where that is, the command line says.

using Workerd = import "/workerd/workerd.capnp";

const oldest :Workerd.Config = (
  services = [(name = "worker", worker = .atOldest), .changed, .clock, .didit, .database],
  sockets = .sockets
);

const newest :Workerd.Config = (
  services = [(name = "worker", worker = .atNewest), .changed, .clock, .didit, .database],
  sockets = .sockets
);

const streaming :Workerd.Config = (
  services = [(name = "worker", worker = .withStreams), .changed, .clock, .didit, .database],
  sockets = .sockets
);

const atOldest :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js"), .server, .login],
  compatibilityDate = "2023-01-01",
  bindings = .env,
  globalOutbound = "didit"
);

const atNewest :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "worker.js"), .server, .login],
  compatibilityDate = "2026-11-17",
  bindings = .env,
  globalOutbound = "didit"
);

const withStreams :Workerd.Worker = (
  modules = [(name = "worker.js", esModule = embed "streaming-worker.js"), .server, .login],
  compatibilityDate = "2026-11-17",
  bindings = .env,
  globalOutbound = "didit"
);

const server :Workerd.Worker.Module =
  (name = "didit-verify/server", esModule = embed "didit-verify-server.js");
const login :Workerd.Worker.Module = (name = "your-site.js", esModule = embed "your-site.js");

const env :List(Workerd.Worker.Binding) = [
  (name = "DIDIT_API_KEY", text = "sandbox-key"),
  (name = "DIDIT_WORKFLOW_ID", text = "any"),
  (name = "DIDIT_WEBHOOK_SECRET", text = "sandbox-webhook-secret"),
  (name = "DATABASE", service = "database"),
];

const changed :Workerd.Service = (
  name = "changed",
  worker = (
    modules = [
      (name = "changed-secrets.js", esModule = embed "changed-secrets.js"),
      (name = "worker.js", esModule = embed "worker.js"), .server, .login
    ],
    compatibilityDate = "2026-11-17",
    bindings = [
      (name = "DIDIT_API_KEY", text = "sandbox-key"),
      (name = "DIDIT_WORKFLOW_ID", text = "any"),
      (name = "DIDIT_WEBHOOK_SECRET", text = "sandbox-webhook-secret"),
      (name = "CHANGED_WEBHOOK_SECRET", text = "changed"),
      (name = "DATABASE", service = "database"),
    ],
    globalOutbound = "didit"
  )
);

# A Cron trigger that goes off whenever it is asked.
const clock :Workerd.Service = (
  name = "clock",
  worker = (
    modules = [(
      name = "clock.js",
      esModule = "export default { fetch: async (_, env) => Response.json(await env.WORKER.scheduled()) };"
    )],
    compatibilityDate = "2026-11-17",
    compatibilityFlags = ["service_binding_extra_handlers"],
    bindings = [(name = "WORKER", service = "worker")]
  )
);

const didit :Workerd.Service = (name = "didit", external = (address = "127.0.0.1", http = ()));
const database :Workerd.Service = (name = "database", external = (address = "127.0.0.1", http = ()));

const sockets :List(Workerd.Socket) = [
  (name = "worker", address = "127.0.0.1:0", http = (), service = "worker"),
  (name = "before", address = "127.0.0.1:0", http = (), service = "changed"),
  (name = "after", address = "127.0.0.1:0", http = (), service = (name = "changed", entrypoint = "after")),
  (name = "clock", address = "127.0.0.1:0", http = (), service = "clock"),
];
