import { testSecret, type TestHub } from '../hub.js';
import { command, type Command } from '../process/command.js';

/** A process that only sends webhooks, beside a test's hub, and is ready. `main`: of the build to run, from the root. */
export async function startWebhookWorker(hub: TestHub, main = 'dist/src/main.js'): Promise<Command & { url: string }> {
  const started = command(main, [], {
    DATABASE_URL: hub.clone.url,
    STAMDATA_SECRET: testSecret,
    STAMDATA_ROLES: 'webhooks',
    WEBHOOK_ALLOW_HTTP: 'true',
    WEBHOOK_ALLOW_CIDRS: '127.0.0.0/8',
    PORT: '0',
    LOG_LEVEL: 'error',
  });
  const url = /http:\S+/.exec(await started.line(/^stamdata is ready at /))![0];
  return { ...started, url };
}
