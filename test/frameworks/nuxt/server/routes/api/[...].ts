export default defineEventHandler((event) => {
  // A page that goes ends its stream: the backend is to hear of it.
  const gone = new AbortController();
  event.node.res.once('close', () => gone.abort());
  return proxyRequest(event, process.env.BACKEND + event.path, {
    fetchOptions: { signal: gone.signal },
  });
});
