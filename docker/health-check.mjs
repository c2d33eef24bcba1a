// Exit code 0 when the app in this container takes work. Kubernetes asks over HTTP by itself.
const { HEED_HOST: host = '127.0.0.1', HEED_PORT: port = '8585' } = process.env;
const here = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host;
const address = here.includes(':') ? `[${here}]` : here;
const { ok } = await fetch(`http://${address}:${port}/health/ready`, { signal: AbortSignal.timeout(4000) });
process.exit(ok ? 0 : 1);
