import { setPriority } from 'node:os';
import { attackByHttp, attackBySocket, type Attacked } from './attack.js';
import { attacks } from './attacks.js';
import { answerBench } from './bench-process.js';
import { holdSlowly } from './slow-clients.js';

let hub: Attacked;

/** Those who mean harm. Of lower priority than the hub: their own work would be done on other machines. */
answerBench({
  start: (attacked: Attacked) => {
    hub = attacked;
    setPriority(19);
  },
  /** Sends one attack so many times, one after the other. @throws when it was not refused */
  repeat: async ({ name, transport, times }: { name: string; transport: Transport; times: number }) => {
    for (let i = 0; i < times; i++) await send(name, transport);
  },
  /** All of them by turns, so many a second. Gives how many were sent. @throws when one was not refused */
  flood: async ({ perSecond, ms }: { perSecond: number; ms: number }) => {
    const all = attacks.flatMap((attack) =>
      transportsOf(attack).map((transport) => ({ name: attack.name, transport })),
    );
    const sent: Promise<void>[] = [];
    const began = performance.now();
    while (performance.now() - began < ms) {
      const { name, transport } = all[sent.length % all.length]!;
      const attempt = send(name, transport);
      attempt.catch(() => undefined); // thrown below
      sent.push(attempt);
      await until(began + (sent.length / perSecond) * 1_000);
    }
    await Promise.all(sent);
    return sent.length;
  },
  /** Holds so many connections for so long, each of them slower than anybody is. Gives how many were there at the end. */
  hold: (options: { connections: number; ms: number }) => holdSlowly(hub, options),
  stop: () => undefined,
});

type Transport = 'http' | 'socket';

const transportsOf = (attack: (typeof attacks)[number]): Transport[] =>
  (['http', 'socket'] as const).filter((transport) => attack[transport] !== undefined);

async function send(name: string, transport: Transport): Promise<void> {
  const attack = attacks.find((each) => each.name === name)!;
  const { refused, status, text } = await (transport === 'http' ? attackByHttp : attackBySocket)(hub, attack);
  if (!refused) throw new Error(`${name} by ${transport} was not refused: ${status} ${text.slice(0, 300)}`);
}

const until = (time: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.max(0, time - performance.now())));
