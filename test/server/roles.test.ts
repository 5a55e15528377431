import { expect, test } from 'vitest';
import { startTestHub } from '../hub.js';

test('api 1: a process without the part api answers health and metrics, and says why it answers nothing else', async () => {
  const hub = await startTestHub({ env: { STAMDATA_ROLES: 'relay,clock' } });
  try {
    for (const path of ['/healthz', '/readyz', '/metrics']) expect((await fetch(`${hub.url}${path}`)).status).toBe(200);
    const refused = await fetch(`${hub.url}/graphql`, { method: 'POST', body: '{}' });
    expect(refused.status).toBe(404);
    expect(await refused.text()).toBe('this process does not serve the API: its STAMDATA_ROLES lack api\n');
  } finally {
    await hub.stop();
  }
});
