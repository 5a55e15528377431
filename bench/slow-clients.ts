import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Attacked } from './attack.js';

/** One byte of it a second. */
const stepMs = 1_000;

/**
 * Connections that send their headers byte by byte, that send their bodies byte by byte, and that ask for much and read
 * nothing of it, a third of each. What the hub closes is opened anew, as those who mean harm would. Gives how many it closed.
 */
export async function holdSlowly(hub: Attacked, options: { connections: number; ms: number }): Promise<number> {
  const ends = performance.now() + options.ms;
  let closed = 0;
  const one = async (i: number) => {
    while (performance.now() < ends) {
      const socket = connect(Number(new URL(hub.url).port), '127.0.0.1');
      socket.on('error', () => undefined);
      const over = new Promise((resolve) => socket.once('close', resolve));
      const going = [slowHeaders, slowBody, slowReading][i % 3]!(socket, hub);
      await Promise.race([over, sleep(ends - performance.now(), undefined, { ref: false })]);
      if (socket.destroyed) closed += 1;
      clearInterval(going);
      socket.destroy();
      await sleep(100);
    }
  };
  await Promise.all(Array.from({ length: options.connections }, (_, i) => one(i)));
  return closed;
}

type Steps = NodeJS.Timeout | undefined;

const headersOf = ({ key }: Attacked, length: number): string =>
  `POST /graphql HTTP/1.1\r\nhost: hub\r\ncontent-type: application/json\r\nauthorization: Bearer ${key}\r\ncontent-length: ${length}\r\n`;

function slowHeaders(socket: Socket, hub: Attacked): Steps {
  return byteByByte(socket, headersOf(hub, 10));
}

function slowBody(socket: Socket, hub: Attacked): Steps {
  socket.write(`${headersOf(hub, 10_000)}\r\n`);
  return byteByByte(socket, ' '.repeat(10_000));
}

/** Many requests at once, whose answers would fill any buffer. */
function slowReading(socket: Socket, hub: Attacked): Steps {
  const query = '{ customers(first: 100) { nodes { id code name email mobile snapshot { name ordersTotalValue } } } }';
  const body = JSON.stringify({ query });
  socket.pause();
  const request = `${headersOf(hub, body.length)}\r\n${body}`;
  socket.write(request.repeat(20));
  return undefined;
}

function byteByByte(socket: Socket, text: string): Steps {
  let at = 0;
  return setInterval(() => socket.write(text[at++ % text.length]!), stepMs);
}
