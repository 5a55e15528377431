import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const opcodes = { text: 1, ping: 9, pong: 10 };

/**
 * A WebSocket client that only looks at the first bytes of what it receives. The clients share the machine with the hub
 * that is measured: with a whole library in each of a thousand, most of the measurement would be of them.
 */
export class FrameCounter {
  private readonly socket: Socket;
  /** The begin of a frame, or of the answer to the upgrade, that is not there as a whole. */
  private begun = Buffer.alloc(0);
  private skip = 0;
  private upgraded = false;

  /** @param received is called for each text message with its begin: as much of it as came in one piece */
  constructor(
    url: URL,
    protocol: string | null,
    private readonly opened: () => void,
    private readonly received: (begin: Buffer) => void,
  ) {
    const onread = {
      buffer: Buffer.allocUnsafe(64 * 1024),
      callback: (bytes: number, chunk: Uint8Array) => {
        this.take(Buffer.from(chunk.buffer, chunk.byteOffset, bytes));
        return true;
      },
    };
    this.socket = connect({ port: Number(url.port), host: url.hostname, onread });
    this.socket.setNoDelay(true);
    this.socket.write(
      `GET ${url.pathname} HTTP/1.1\r\nhost: ${url.host}\r\nconnection: upgrade\r\nupgrade: websocket\r\n` +
        `sec-websocket-version: 13\r\nsec-websocket-key: ${randomBytes(16).toString('base64')}\r\n` +
        `${protocol ? `sec-websocket-protocol: ${protocol}\r\n` : ''}\r\n`,
    );
  }

  send(text: string): void {
    this.write(opcodes.text, Buffer.from(text));
  }

  private take(chunk: Buffer): void {
    let data = this.begun.length > 0 ? Buffer.concat([this.begun, chunk]) : chunk;
    if (!this.upgraded) {
      const end = data.indexOf('\r\n\r\n');
      if (end < 0) return this.keep(data);
      if (!data.includes('101 ')) throw new Error(data.subarray(0, end).toString());
      this.upgraded = true;
      this.opened();
      data = data.subarray(end + 4);
    }
    let at = Math.min(this.skip, data.length);
    this.skip -= at;
    while (at < data.length) {
      const length = lengthOf(data, at);
      if (!length) return this.keep(data.subarray(at));
      const { head, body } = length;
      const opcode = data[at]! & 0x0f;
      const begin = data.subarray(at + head, at + head + body);
      if (opcode === opcodes.text) this.received(begin);
      else if (opcode === opcodes.ping) this.write(opcodes.pong, begin);
      at += head + body;
      if (at > data.length) this.skip = at - data.length;
    }
    this.begun = Buffer.alloc(0);
  }

  /** The buffer of the socket is written to again: what is kept is a copy. */
  private keep(data: Buffer): void {
    this.begun = Buffer.from(data);
  }

  private write(opcode: number, body: Buffer): void {
    const head = body.length < 126 ? [0x80 | body.length] : [0x80 | 126, body.length >> 8, body.length & 0xff];
    this.socket.write(Buffer.concat([Buffer.from([0x80 | opcode, ...head, 0, 0, 0, 0]), body])); // a mask of zeros
  }
}

/** Of the frame that begins there; null when not enough of it has come. */
function lengthOf(data: Buffer, at: number): { head: number; body: number } | null {
  if (data.length < at + 2) return null;
  const short = data[at + 1]! & 0x7f;
  if (short < 126) return { head: 2, body: short };
  if (short === 126) return data.length < at + 4 ? null : { head: 4, body: data.readUInt16BE(at + 2) };
  return data.length < at + 10 ? null : { head: 10, body: Number(data.readBigUInt64BE(at + 2)) };
}
