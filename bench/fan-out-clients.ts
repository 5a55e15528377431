import WebSocket from 'ws';

interface Task {
  url: string;
  count: number;
  subscription: { key: string; query: string } | null;
}

let received = 0;
let sample = '';

process.once('message', (task: Task) => {
  void Promise.all(Array.from({ length: task.count }, () => open(task))).then(() => {
    // subscribed is not told by the protocol: a moment for the last of them
    setTimeout(() => process.send!({ connected: true }), task.subscription ? 1_500 : 100);
    let told = 0;
    setInterval(() => {
      if (received === told) return;
      told = received;
      process.send!({ received, sample });
    }, 1);
  });
});

function open({ url, subscription }: Task): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, subscription ? 'graphql-transport-ws' : []);
    socket.once('error', reject);
    socket.once('open', () => {
      if (!subscription) return resolve();
      socket.send(
        JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${subscription.key}` } }),
      );
    });
    socket.on('message', (data: Buffer) => {
      if (subscription && data.includes('"connection_ack"')) {
        socket.send(JSON.stringify({ id: 's', type: 'subscribe', payload: { query: subscription.query } }));
        return resolve();
      }
      if (data.includes('"ping"')) return socket.send('{"type":"pong"}');
      received++;
      if (sample === '') sample = data.toString();
    });
  });
}
