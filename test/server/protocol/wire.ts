import { request } from 'node:http';
import type { Socket } from 'node:net';
import { eventually } from '../../feed/events.js';

export interface Message {
  id?: string;
  type: string;
  payload?: unknown;
}

const [text, binary, closing, ping, pong] = [1, 2, 8, 9, 10] as const;

export interface Frame {
  opcode: number;
  payload: Buffer;
  /** 0x80: the last frame of its message; 0x40, 0x20, 0x10 are reserved. */
  flags?: number;
  /** As a client's frames have to be; so they are unless told. */
  masked?: boolean;
}

/** A WebSocket client (RFC 6455) down to its frames, so that a test may send what no library would. */
export class Wire {
  /** All that the hub has sent, in its order. */
  readonly messages: Message[] = [];
  /** The code and the reason of the frame that closed it; 1006 when the connection ended without one. */
  readonly closed: Promise<{ code: number; reason: string }>;
  private unread: Buffer;

  /** `protocols`: what the client offers to speak; null: it sends no such header. */
  static open(url: string, protocols: string | null = 'graphql-transport-ws'): Promise<Wire> {
    return new Promise((resolve, reject) => {
      const handshake = request(`${url}/graphql`, {
        headers: {
          ...{ connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
          'sec-websocket-key': 'c3RhbWRhdGEgc3RhbWRhdA==',
          ...(protocols === null ? {} : { 'sec-websocket-protocol': protocols }),
        },
      });
      handshake.once('upgrade', (response, socket, head) =>
        resolve(new Wire(socket, head, response.headers['sec-websocket-protocol'] ?? null)),
      );
      handshake.once('response', (response) => {
        response.resume();
        reject(new Error(`refused with ${response.statusCode}`));
      });
      handshake.once('error', reject);
      handshake.end();
    });
  }

  private constructor(
    private readonly socket: Socket,
    head: Buffer,
    /** What the hub speaks. */
    readonly protocol: string | null,
  ) {
    this.unread = head;
    this.closed = new Promise((resolve) => {
      socket.once('close', () => resolve({ code: 1006, reason: '' }));
      const take = () => {
        for (let frame = this.cutFrame(); frame; frame = this.cutFrame()) {
          if (frame.opcode === text) this.messages.push(JSON.parse(frame.payload.toString()) as Message);
          if (frame.opcode === ping) this.frames({ opcode: pong, payload: frame.payload });
          if (frame.opcode !== closing) continue;
          resolve({ code: frame.payload.readUInt16BE(0), reason: frame.payload.toString('utf8', 2) });
          this.frames(frame);
          socket.end();
        }
      };
      socket.on('error', () => undefined); // the hub may cut it off while something is being written
      socket.on('data', (chunk: Buffer) => {
        this.unread = Buffer.concat([this.unread, chunk]);
        take();
      });
      take();
    });
  }

  /** Messages, or texts that are none, in one piece: the hub reads them in one go. */
  send(...messages: (object | string)[]): void {
    const texts = messages.map((message) => (typeof message === 'string' ? message : JSON.stringify(message)));
    this.frames(...texts.map((payload) => ({ opcode: text, payload: Buffer.from(payload) })));
  }

  sendBinary(message: object): void {
    this.frames({ opcode: binary, payload: Buffer.from(JSON.stringify(message)) });
  }

  frames(...frames: Frame[]): void {
    this.socket.write(Buffer.concat(frames.map(encode)));
  }

  /** As a client does that is done. */
  leave(code = 1000): void {
    const payload = Buffer.alloc(2);
    payload.writeUInt16BE(code);
    this.frames({ opcode: closing, payload });
  }

  destroy(): void {
    this.socket.destroy();
  }

  /** Sends the key, and waits for the acknowledgement. */
  async connect(key: string): Promise<this> {
    this.send({ type: 'connection_init', payload: { authorization: `Bearer ${key}` } });
    await eventually(() => this.messages.some(({ type }) => type === 'connection_ack'), 'the acknowledgement');
    return this;
  }

  /** What came for an operation. */
  of(id: string): Message[] {
    return this.messages.filter((message) => message.id === id);
  }

  typesOf(id: string): string[] {
    return this.of(id).map(({ type }) => type);
  }

  /** All that came for an operation once it was complete, and a while after. */
  async answered(id: string): Promise<Message[]> {
    await eventually(() => this.of(id).at(-1)?.type === 'complete', `${id} is complete`);
    await this.settle();
    return this.of(id);
  }

  /** Asks, and waits for the answer to that: whatever the hub had to send before has come by then. */
  async settle(payload: object = { settle: this.messages.length }): Promise<void> {
    this.send({ type: 'ping', payload });
    const answer = JSON.stringify(payload);
    await eventually(
      () => this.messages.some((one) => one.type === 'pong' && JSON.stringify(one.payload) === answer),
      'the pong',
    );
  }

  private cutFrame(): Frame | null {
    const { unread } = this;
    if (unread.length < 2) return null;
    const short = unread[1]! & 0x7f;
    const head = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (unread.length < head) return null;
    const length = short < 126 ? short : short === 126 ? unread.readUInt16BE(2) : Number(unread.readBigUInt64BE(2));
    if (unread.length < head + length) return null;
    this.unread = unread.subarray(head + length);
    return { opcode: unread[0]! & 0x0f, payload: unread.subarray(head, head + length) };
  }
}

/** With a mask of zeros: masked, and the same to read. */
function encode({ opcode, payload, flags = 0x80, masked = true }: Frame): Buffer {
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : length < 65_536 ? 4 : 10);
  head[0] = flags | opcode;
  head[1] = (masked ? 0x80 : 0) | (length < 126 ? length : length < 65_536 ? 126 : 127);
  if (head.length === 4) head.writeUInt16BE(length, 2);
  if (head.length === 10) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, masked ? Buffer.alloc(4) : Buffer.alloc(0), payload]);
}
