import { setTimeout as sleep } from 'node:timers/promises';
import { WebSocket } from 'ws';

/**
 * Tells a client to connect elsewhere and go on with its cursor. No `complete` before it: that would say that the
 * subscription is over for good.
 */
const goingAway = 1001;
const longestStepMs = 10;
const lookEveryMs = 20;

/**
 * Closes every socket with 1001, one after another within `spreadMs`, so that a thousand clients do not connect again in
 * the same moment. A socket that `isBusy` with a query or a mutation is closed behind its answer; what comes from then on
 * is not done, since it could not be answered. Resolves when all have been told, or were gone by themselves.
 */
export async function sendAway(
  sockets: ReadonlySet<WebSocket>,
  { spreadMs, isBusy }: { spreadMs: number; isBusy: (socket: WebSocket) => boolean },
): Promise<void> {
  const stepMs = Math.min(longestStepMs, spreadMs / sockets.size);
  await Promise.all(
    [...sockets].map(async (socket, i) => {
      if (stepMs > 0) await sleep(i * stepMs);
      while (socket.readyState === WebSocket.OPEN && isBusy(socket)) await sleep(lookEveryMs);
      socket.removeAllListeners('message');
      socket.close(goingAway, 'Going away');
    }),
  );
}
