import { FrameCounter } from './frame-counter.js';
import { now } from './fan-out-clock.js';

interface Task {
  url: string;
  count: number;
  subscription: { key: string; query: string } | null;
}

let received = 0;
let sample = '';
/** Of each client the moments of its receipts; null while they are not wanted. */
let receipts: number[][] | null = null;

process.once('message', (task: Task) => {
  void Promise.all(Array.from({ length: task.count }, (_, client) => open(task, client))).then(() => {
    // subscribed is not told by the protocol: a moment for the last of them
    setTimeout(() => process.send!({ connected: true }), task.subscription ? 1_500 : 100);
    let told = 0;
    setInterval(() => {
      if (received === told) return;
      told = received;
      process.send!({ received, sample });
    }, 5);
  });
  process.on('message', (order) => {
    if (order === 'record') receipts = Array.from({ length: task.count }, () => []);
    else if (order === 'tell') process.send!({ receipts });
  });
});

function open({ url, subscription }: Task, client: number): Promise<void> {
  return new Promise((resolve) => {
    const send = (message: object) => socket.send(JSON.stringify(message));
    const init = { type: 'connection_init', payload: { authorization: `Bearer ${subscription?.key}` } };
    const opened = () => (subscription ? send(init) : resolve());
    let subscribed = !subscription;
    const socket = new FrameCounter(new URL(url), subscription && 'graphql-transport-ws', opened, (begin) => {
      if (subscribed) {
        received++;
        receipts?.[client]!.push(now());
        if (sample === '') sample = begin.toString();
      } else if (begin.includes('"connection_ack"')) {
        subscribed = true;
        send({ id: 's', type: 'subscribe', payload: { query: subscription!.query } });
        resolve();
      }
    });
  });
}
