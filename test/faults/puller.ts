import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from './ask.js';
import { eventFields, received, type EventNode, type Reader, type Received } from './reader.js';
import type { WorldOwner } from './world.js';

const pauseMs = 50;
const query = `query ($after: String) { customerEvents(after: $after, first: 20) {
  nodes { ${eventFields} } pageInfo { endCursor } } }`;

/** Follows an owner's feed page by page, every page from whichever hub is there. */
export class Puller implements Reader {
  readonly ownerId: string;
  readonly fromStart = true;
  readonly connections: Received[][] = [];
  readonly problems: string[] = [];
  private running: Promise<void> | null = null;
  private stopped = false;

  constructor(
    readonly name: string,
    private readonly owner: WorldOwner,
    private readonly key: string,
    private readonly url: () => string | undefined,
  ) {
    this.ownerId = owner.id;
  }

  start(): void {
    this.running ??= this.run();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    for (let after = this.owner.start; !this.stopped;) {
      const url = this.url();
      const page = url === undefined ? undefined : await this.page(url, after);
      after = page?.pageInfo.endCursor ?? after;
      this.connections.push((page?.nodes ?? []).map(received));
      if (!page?.nodes.length) await sleep(pauseMs);
    }
  }

  private async page(url: string, after: string): Promise<Page | undefined> {
    const of = { key: this.key, owner: this.owner.code };
    const reply = await ask<{ customerEvents: Page }>(url, of, query, { after });
    if (reply.kind === 'refused') this.problems.push(`${reply.code}: ${reply.message}`);
    return reply.kind === 'answer' ? reply.data.customerEvents : undefined;
  }
}

interface Page {
  nodes: EventNode[];
  pageInfo: { endCursor: string };
}
