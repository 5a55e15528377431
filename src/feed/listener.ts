import pg from 'pg';
import type { Connection } from '../database/data-source.js';
import type { Log } from '../log.js';

const pingMs = 15_000;
const patienceMs = 5_000;

/**
 * Hears notifications on a connection of its own and reconnects when that breaks; a half-open one is found by a ping.
 * Notifications are hints: whoever listens polls as well, so one that is missed costs time, not data.
 */
export class Listener {
  private client: pg.Client | null = null;
  private timer: NodeJS.Timeout | null = null;
  private stopped = false;

  constructor(
    private readonly connection: Connection,
    private readonly channels: ReadonlyMap<string, () => void>,
    private readonly log: Log,
    /** Notifications that name it are its own, and known. */
    private readonly process: string,
  ) {}

  start(): void {
    void this.connect(100);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.client?.end().catch(() => undefined);
  }

  private async connect(retryMs: number): Promise<void> {
    if (this.stopped) return;
    const { connection } = this;
    const client = new pg.Client({
      ...('url' in connection ? { connectionString: connection.url } : connection),
      keepAlive: true,
      connectionTimeoutMillis: patienceMs,
      query_timeout: patienceMs,
      application_name: 'stamdata listener',
    });
    this.client = client;
    let broken = false;
    const again = (error: unknown) => {
      if (broken || this.stopped) return;
      broken = true;
      this.log('warn', 'listener lost its connection, will reconnect', { part: 'listener', error });
      void client.end().catch(() => undefined);
      this.later(retryMs, () => this.connect(Math.min(retryMs * 2, patienceMs)));
    };
    client.on('error', again);
    client.on('end', () => again(new Error('the connection ended')));
    client.on('notification', ({ channel, payload }) => {
      if (payload !== this.process) this.channels.get(channel)?.();
    });
    try {
      await client.connect();
      for (const channel of this.channels.keys()) await client.query(`LISTEN ${channel}`);
      for (const heard of this.channels.values()) heard(); // something may have been missed meanwhile
      this.ping(client, again);
    } catch (error) {
      again(error);
    }
  }

  private ping(client: pg.Client, failed: (error: unknown) => void): void {
    this.later(pingMs, async () => {
      try {
        await client.query('SELECT 1');
        this.ping(client, failed);
      } catch (error) {
        failed(error);
      }
    });
  }

  private later(ms: number, work: () => Promise<void>): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void work(), ms);
    this.timer.unref();
  }
}
