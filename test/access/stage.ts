import type { Client } from 'graphql-ws';
import { createSchema } from '../../src/schema.js';
import { settled } from '../faults/settled.js';
import { fieldsOf, selection } from '../graphql/selection.js';
import { follow, startTestHub, type TestHub } from '../hub.js';
import { startReceiver, type Receiver } from '../webhook/receiver.js';
import { attemptsOn, type Attempt } from './attempts.js';
import { deedsWith, followings, lettersWith, readings, type Letter } from './deeds.js';
import { furnishedOwner, type FurnishedOwner } from './furnished-owner.js';
import { unknown, type Names } from './names.js';
import { Notebook, partIds } from './notebook.js';

export const owners = ['EAST', 'SOUTH', 'WEST'];
export const words = ['alpha', 'beta', 'gamma'];

/** One thing that an owner does. */
export interface Step {
  owner: number;
  /** Its place in the table of all that can be done. */
  deed: number;
  /** Whose things it names: its own (0), those of another owner (1, 2), or what there never was (3). */
  whose: number;
  /** Which of these. */
  nth: number;
  word: string;
  via: 'POST' | 'GET' | 'WebSocket';
}

/** All that an owner gets to see, in the words of its notebook. */
export interface Transcript {
  answers: string[];
  /** Pushed to its subscription. */
  events: string[];
  /** Received by its webhooks and guest feeds. */
  bodies: string[];
}

export const schema = await createSchema();

/**
 * Plays the steps of those owners that are there, one after the other, in a fresh hub. Gives what each of them has seen.
 * `fault`: SQL that spoils the hub's database.
 */
export async function play(
  there: number[],
  script: { furnishedWith: string[]; steps: Step[] },
  fault = '',
): Promise<Transcript[]> {
  const hub = await startTestHub();
  const receiver = await startReceiver();
  try {
    await hub.clone.sql(fault);
    const stage = new Stage(hub, receiver, await partIds(hub.clone));
    for (const owner of there) await stage.enter(owner, script.furnishedWith[owner]!);
    for (const step of script.steps) await stage.play(step);
    return stage.transcripts();
  } finally {
    await hub.stop();
    await receiver.close();
  }
}

interface Player extends Transcript {
  self: FurnishedOwner;
  notebook: Notebook;
  client: Client;
  /** Events of its feed from before it listened. */
  before: number;
}

class Stage {
  private readonly players = new Map<number, Player>();

  constructor(
    private readonly hub: TestHub,
    private readonly receiver: Receiver,
    private readonly tables: string[],
  ) {}

  async enter(owner: number, word: string): Promise<void> {
    const self = await furnishedOwner(this.hub, word, { ownerCode: owners[owner]!, receiver: this.receiver.url });
    const notebook = new Notebook(this.tables);
    notebook.hear(self.keyId, '<my key>'); // by which it calls: it is not to revoke it
    const client = this.hub.subscriber(self.key);
    const player = { self, notebook, client, answers: [], events: [], bodies: [], before: await this.eventsOf(self) };
    this.players.set(owner, player);
    const { owner: _owner, key: _key, receiver: _receiver, cursor: _cursor, ...named } = self;
    this.note(player, 'answers', JSON.stringify(named));
    const next = (result: object) => this.note(player, 'events', JSON.stringify(result));
    client.subscribe({ query: everyEvent }, { next, error: next, complete: () => undefined });
    await client.iterate({ query: '{ viewer { name } }' }).next(); // answered after the subscription before it stands
  }

  async play(step: Step): Promise<void> {
    const player = this.players.get(step.owner);
    if (!player) return;
    const me = this.names(step, player, 0);
    const names = this.names(step, player, step.whose);
    const deed = everything(step.word, player.self.key, me, names)[step.deed]!;
    const answer = 'path' in deed ? await this.send(player, deed) : await this.ask(player, deed, step.via);
    this.note(player, 'answers', `${deed.field} ${answer}`);
    await this.rest();
  }

  transcripts(): Transcript[] {
    for (const { url, headers, body } of this.receiver.requests) {
      const code = headers['x-of'] ?? (JSON.parse(body) as { hotel_id?: string }).hotel_id;
      const player = [...this.players.values()].find(({ self }) => self.ownerCode === code);
      if (!player) throw new Error(`a request of nobody: ${url} ${body}`);
      this.note(player, 'bodies', `${url} ${body}`);
    }
    return [...this.players.values()].map(({ answers, events, bodies }) => ({
      answers,
      events,
      bodies: bodies.sort(),
    }));
  }

  private note(player: Player, where: keyof Transcript, text: string): void {
    player[where].push(player.notebook.told(text));
  }

  /** What a step of this player names: things of its own (0), of another owner, or of nobody. */
  private names({ owner, nth, word }: Step, { notebook, self }: Player, whose: number): Names {
    const holder = whose === 3 ? 3 : (owner + whose) % owners.length;
    const theirs = this.players.get(holder);
    const id = (table: string): string => {
      const found = theirs?.notebook.nth(table, nth) ?? notebook.never(table, holder, nth);
      return whose === 0 ? found : notebook.hear(found, `<${table} ${nth} of ${owners[holder] ?? 'nobody'}>`);
    };
    return {
      ...{
        customer: id('customer'),
        contactInfo: id('contact_info'),
        tag: id('tag'),
        endpoint: id('webhook_endpoint'),
      },
      ...{ guestFeed: id('guest_feed'), replay: id('webhook_replay'), bulkOperation: id('bulk_operation') },
      ...{ code: `CODE-${word}`, booking: `STAY-${word}`, identifier: `PAIR-${word}`, keyId: id('api_key') },
      ...{ ownerCode: owners[holder] ?? unknown.ownerCode, receiver: self.receiver },
      cursor: theirs?.self.cursor ?? 'AAAAAAAAAAAAAAAAAAAAAA',
    };
  }

  private async ask({ client, self }: Player, { query, variables }: Attempt, via: Step['via']): Promise<string> {
    if (via === 'WebSocket' || query.startsWith('subscription')) {
      const results = follow(client, query, { ...variables });
      const result = await results.nextResult();
      await results.end();
      return wordsOf(result);
    }
    const read = via === 'GET' && !query.startsWith('mutation');
    const asked = read ? `?${new URLSearchParams({ query, variables: JSON.stringify(variables) }).toString()}` : '';
    const response = await fetch(`${this.hub.url}/graphql${asked}`, {
      method: read ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${self.key}`, 'content-type': 'application/json' },
      ...(read ? {} : { body: JSON.stringify({ query, variables }) }),
    });
    return `${response.status} ${wordsOf((await response.json()) as Told)}`;
  }

  private async send({ self }: Player, { path, body, type }: Letter): Promise<string> {
    const response = await fetch(`${this.hub.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${self.key}`, ...(type ? { 'content-type': type } : {}) },
      ...(body === undefined ? {} : { body }),
    });
    return `${response.status} ${await response.text()}`;
  }

  /** Until the machines have done all that the steps so far have left to them. */
  private async rest(): Promise<void> {
    await settled(async () => (await this.hub.clone.sql(unfinished)).length === 0);
    for (const player of this.players.values()) {
      const events = (await this.eventsOf(player.self)) - player.before;
      await settled(() => Promise.resolve(player.events.length >= events));
    }
  }

  private async eventsOf({ owner }: FurnishedOwner): Promise<number> {
    const [feed] = await this.hub.clone.sql<{ n: number }>('SELECT count(*)::int AS n FROM feed WHERE owner_id = $1', [
      owner.id,
    ]);
    return feed!.n;
  }
}

/** The table of all that an owner can do: every field of the schema, every door. */
const everything = (word: string, key: string, me: Names, names: Names): (Attempt | Letter)[] => [
  ...attemptsOn(me, names),
  ...deedsWith(word, me),
  ...readings(schema),
  ...followings(names),
  ...lettersWith(word, key, names),
];
export const deeds = everything('', '', unknown, unknown);

const everyEvent = `subscription { ${selection(
  fieldsOf(schema.getSubscriptionType()!).find(({ name }) => name === 'customerSnapshots')!,
  3,
  9,
)} }`;

interface Told {
  data?: unknown;
  errors?: readonly { message: string; path?: unknown; extensions?: { code?: unknown } }[];
}

const wordsOf = ({ data, errors }: Told): string =>
  JSON.stringify({
    data,
    errors: errors?.map(({ message, path, extensions }) => ({ message, path, code: extensions?.code })),
  });

const unfinished = `
  SELECT FROM outbox
  UNION ALL SELECT FROM customer_user WHERE password_sealed IS NOT NULL
  UNION ALL SELECT FROM bulk_operation WHERE state = 'RUNNING'
  UNION ALL SELECT FROM webhook_replay r JOIN webhook_endpoint e USING (owner_id) WHERE e.id = r.endpoint_id AND e.state = 'ACTIVE' AND r.state = 'RUNNING'
  UNION ALL SELECT FROM webhook_cursor c JOIN feed_head h USING (owner_id) JOIN webhook_endpoint e USING (owner_id)
    WHERE e.id = c.endpoint_id AND e.state = 'ACTIVE' AND c.acked_pos < h.last_pos`;
