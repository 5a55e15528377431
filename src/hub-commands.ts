import { Option, type Command } from 'commander';
import { StartupError } from './errors.js';
import { cancelReplay, replay } from './replay.js';
import { say } from './terminal/say.js';
import { untilToldToStop } from './terminal/stop-signal.js';
import { timeOf } from './terminal/time-of.js';

/** The verbs that watch and steer a running hub, as any client does: with `--url` and `--key`, or STAMDATA_URL and STAMDATA_KEY. */
export function addHubCommands(program: Command): void {
  program
    .command('listen')
    .description('follow the feed of a running hub: a line for each event, until Ctrl-C')
    .addOption(new Option('--url <url>', 'the hub').env('STAMDATA_URL').default('http://127.0.0.1:4000'))
    .addOption(new Option('--key <key>', 'a key with changes:read').env('STAMDATA_KEY'))
    .option('--owner <code>', 'where the key covers several owners')
    .option('--after <cursor>', 'begin behind this event; default: now')
    .option('--cursor-file <file>', 'keep the cursor here, and begin from it the next time')
    .option('--format <format>', 'json or line', 'json')
    .action(async (given: ListenWords) => {
      if (!given.key) throw new StartupError('--key: give a key, or set STAMDATA_KEY', 2);
      if (given.format !== 'json' && given.format !== 'line') throw new StartupError('--format: json or line', 2);
      const { key, format, after = null, cursorFile = null } = given;
      const { listen } = await import('./listen.js');
      await listen({ ...given, key, format, after, cursorFile, print: say, signal: untilToldToStop() });
    });

  program
    .command('replay')
    .description('have a running hub send webhook deliveries once more, and watch until that is done')
    .addOption(new Option('--url <url>', 'the hub').env('STAMDATA_URL').default('http://127.0.0.1:4000'))
    .addOption(new Option('--key <key>', 'a key with webhooks:manage').env('STAMDATA_KEY'))
    .option('--owner <code>', 'where the key covers several owners')
    .option('--endpoint <id>', 'the endpoint that gets them')
    .option('--customer <code>', 'only this customer, by its code')
    .option('--dead', 'deliveries that ran out of attempts')
    .option('--since <time>', 'events from this time on, RFC 3339')
    .option('--until <time>', 'events up to this time, RFC 3339')
    .option('--current-state', 'the present state of every customer')
    .option('--detach', 'do not wait for its end')
    .option('--cancel <id>', 'instead of all that: end this replay early')
    .action(async (given: ReplayWords) => {
      if (!given.key) throw new StartupError('--key: give a key, or set STAMDATA_KEY', 2);
      const { url, key, owner, endpoint, customer, since, until } = given;
      const hub = { url, key, ...(owner === undefined ? {} : { owner }), print: say };
      if (given.cancel !== undefined) return cancelReplay(hub, given.cancel);
      if (endpoint === undefined) throw new StartupError('--endpoint: say which endpoint', 2);
      const input = {
        ...{ endpointId: endpoint, deadOnly: given.dead, currentState: given.currentState },
        customer: customer === undefined ? undefined : { code: customer },
        since: since === undefined ? undefined : timeOf(since, '--since'),
        until: until === undefined ? undefined : timeOf(until, '--until'),
      };
      await replay({ ...hub, input, detach: given.detach ?? false, signal: untilToldToStop() });
    });
}

interface ReplayWords {
  url: string;
  key?: string;
  owner?: string;
  endpoint?: string;
  customer?: string;
  dead?: true;
  since?: string;
  until?: string;
  currentState?: true;
  detach?: true;
  cancel?: string;
}

interface ListenWords {
  url: string;
  key?: string;
  owner?: string;
  after?: string;
  cursorFile?: string;
  format: string;
}
