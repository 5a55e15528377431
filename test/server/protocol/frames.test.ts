import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestHub, type TestHub, type TestOwner } from '../../hub.js';
import { named, viewer } from './operations.js';
import { Wire, type Frame } from './wire.js';

/* What the WebSocket protocol itself (RFC 6455) asks of a server, where a client can be wrong about it. */

let hub: TestHub;
let owner: TestOwner;
const printed = vi.spyOn(console, 'error');
beforeAll(async () => {
  hub = await startTestHub();
  owner = await hub.owner();
});
afterAll(async () => {
  printed.mockRestore();
  await hub.stop();
});

const connected = async () => (await Wire.open(hub.url)).connect(owner.key);
const text = 1;
const message = (bytes: number) =>
  JSON.stringify({ type: 'ping', payload: { pad: '' } }).replace('""', `"${'x'.repeat(bytes - 36)}"`);

test.each<[number, string, Frame[]]>([
  [1002, '5.1: a client masks its frames', [{ opcode: text, payload: Buffer.from('{"type":"ping"}'), masked: false }]],
  [1002, '5.2: nobody has agreed on the reserved bits', [{ opcode: text, payload: Buffer.from('{}'), flags: 0xc0 }]],
  [1002, '5.2: opcode 3 is reserved', [{ opcode: 3, payload: Buffer.alloc(0) }]],
  [1002, '5.2: opcode 11 is reserved', [{ opcode: 11, payload: Buffer.alloc(0) }]],
  [1002, '5.4: a message goes on that never began', [{ opcode: 0, payload: Buffer.from('x') }]],
  [
    1002,
    '5.4: a message begins within another',
    [
      { opcode: text, payload: Buffer.from('{'), flags: 0 },
      { opcode: text, payload: Buffer.from('}') },
    ],
  ],
  [1002, '5.5: control frames are short', [{ opcode: 9, payload: Buffer.alloc(126) }]],
  [1002, '5.5: control frames are whole', [{ opcode: 9, payload: Buffer.alloc(1), flags: 0 }]],
  [1002, '7.4: 1005 is for no frame', [{ opcode: 8, payload: Buffer.from([0x03, 0xed]) }]],
  [
    1007,
    '5.6: a text is UTF-8',
    [{ opcode: text, payload: Buffer.from('{"type":"ping","payload":{"\xe9":1}}', 'latin1') }],
  ],
  [1007, '5.6: without surrogates', [{ opcode: text, payload: Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]) }]],
])('RFC 6455: closes with %i, for %s', async (code, _sentence, frames) => {
  const wire = await connected();
  const logged = hub.logged.length;
  wire.frames(...frames, { opcode: text, payload: Buffer.from(JSON.stringify(viewer('behind'))) });
  expect((await wire.closed).code).toBe(code);
  expect(wire.messages).toEqual([{ type: 'connection_ack' }]);
  expect(hub.logged.slice(logged).filter(({ level }) => level === 'error')).toEqual([]);
  expect(printed).not.toHaveBeenCalled();
});

test('RFC 6455, 5.4: a message may come in pieces, with a ping between them, and a letter cut through', async () => {
  const wire = await connected();
  const whole = Buffer.from(JSON.stringify({ ...viewer('ø'), more: 'ø'.repeat(20) }));
  for (let at = 0; at < whole.length; at += 7) {
    const last = at + 7 >= whole.length;
    wire.frames({ opcode: at === 0 ? text : 0, payload: whole.subarray(at, at + 7), flags: last ? 0x80 : 0 });
    if (!last) wire.frames({ opcode: 9, payload: Buffer.from('between') });
  }
  expect(await wire.answered('ø')).toEqual(named('ø'));
  wire.destroy();
});

test('design C: a message of 64 KiB is read, a longer one closes with 1009, also in pieces', async () => {
  const wire = await connected();
  wire.send(message(64 * 1024));
  await wire.settle();
  expect(wire.messages.map(({ type }) => type)).toEqual(['connection_ack', 'pong', 'pong']);
  wire.send(message(64 * 1024 + 1), viewer('behind'));
  expect((await wire.closed).code).toBe(1009);
  expect(wire.of('behind')).toEqual([]);

  const other = await connected();
  const piece = Buffer.alloc(20 * 1024, 0x20);
  other.frames({ opcode: text, payload: piece, flags: 0 });
  for (let i = 0; i < 3; i++) other.frames({ opcode: 0, payload: piece, flags: 0 });
  expect((await other.closed).code).toBe(1009);
});

test('a client that is cut off in the midst of a frame, or of a query, is no fault of the hub', async () => {
  const logged = hub.logged.length;
  for (const send of [
    (wire: Wire) => wire.frames({ opcode: text, payload: Buffer.from('{"type":'), flags: 0 }),
    (wire: Wire) => wire.send(viewer('1')),
  ]) {
    const wire = await connected();
    send(wire);
    wire.destroy();
    await wire.closed;
  }
  const wire = await connected();
  wire.send(viewer('1'));
  expect(await wire.answered('1')).toEqual(named('1'));
  wire.destroy();
  expect(hub.logged.slice(logged).filter(({ level }) => level === 'error')).toEqual([]);
});
