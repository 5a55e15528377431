import { setTimeout as delay } from 'node:timers/promises';
import { askHub, type Asking } from './ask-hub.js';
import { StartupError } from './errors.js';

export interface ReplayOptions extends Asking {
  /** As ReplayDeliveriesInput of the schema has it. */
  input: object;
  /** Ask for it, and do not wait for its end. */
  detach: boolean;
  print: (line: string) => void;
  /** Ends the waiting; the replay goes on. */
  signal: AbortSignal;
}

interface Replay {
  id: string;
  endpointId: string;
  kind: string;
  state: 'RUNNING' | 'DONE' | 'CANCELLED';
  selected: number;
  sent: number;
  failed: number;
  skipped: number;
  waitingFor: string | null;
  note: string | null;
}

const fields = '{ id endpointId kind state selected sent failed skipped waitingFor note }';
const pauseMs = 500;

/**
 * Asks a running hub to send deliveries once more (B.7), and prints a line whenever that has got further, until it has ended
 * or the signal is given; then it goes on without being watched. @throws StartupError for what the hub refuses (2 for the
 * input, 3 for the key), or when the replay is cancelled
 */
export async function replay(options: ReplayOptions): Promise<void> {
  const { print, signal, detach, input } = options;
  const query = `mutation ($input: ReplayDeliveriesInput!) { asked: replayDeliveries(input: $input) {
    replay ${fields} userErrors { message } } }`;
  let present = await asked(options, query, { input });
  let told = lineOf(present);
  print(told);
  while (present.state === 'RUNNING' && !detach) {
    await delay(pauseMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return print(`replay ${present.id} goes on without being watched`);
    present = await find(options, present.id);
    const line = lineOf(present);
    if (line !== told) print(line);
    told = line;
  }
  if (present.state === 'CANCELLED') throw new StartupError(`replay ${present.id} was cancelled`);
}

/** Ends a replay early, and prints how far it had got. @throws StartupError */
export async function cancelReplay(options: Asking & Pick<ReplayOptions, 'print'>, id: string): Promise<void> {
  const query = `mutation ($id: ID!) { asked: cancelReplay(id: $id) { replay ${fields} userErrors { message } } }`;
  options.print(lineOf(await asked(options, query, { id })));
}

async function asked(asking: Asking, query: string, variables: object): Promise<Replay> {
  const { asked: payload } = await askHub<{ asked: { replay: Replay | null; userErrors: { message: string }[] } }>(
    asking,
    query,
    variables,
  );
  if (payload.replay) return payload.replay;
  throw new StartupError(payload.userErrors.map(({ message }) => message).join('\n'), 2);
}

async function find(asking: Asking, id: string): Promise<Replay> {
  const query = `query ($id: ID!) { replay: webhookReplay(id: $id) ${fields} }`;
  const found = await askHub<{ replay: Replay | null }>(asking, query, { id });
  if (!found.replay) throw new StartupError(`replay ${id} is gone: its endpoint was deleted`);
  return found.replay;
}

function lineOf({ id, endpointId, kind, state, selected, sent, failed, skipped, waitingFor, note }: Replay): string {
  const what = { EVENTS: 'events', DEAD: 'dead deliveries', CURRENT_STATE: 'customers' }[kind] ?? kind;
  const counts = `${sent} sent, ${failed} left to the retries, ${skipped} not wanted`;
  const why = waitingFor ?? note;
  return `replay ${id} to endpoint ${endpointId}  ${state}  ${selected} ${what}: ${counts}${why === null ? '' : `  (${why})`}`;
}
