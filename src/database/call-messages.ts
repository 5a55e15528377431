/** A call of a statement that the connection has prepared. Values are texts, as PostgreSQL reads them; null is NULL. */
export interface Call {
  name: string;
  values: readonly (string | null)[];
  /** Whether PostgreSQL is to tell the columns of its rows. */
  describe: boolean;
}

/**
 * The messages of PostgreSQL's protocol that call prepared statements one after another, in one transaction that ends with them:
 * Bind, Describe, Execute for each, and one Sync. In one buffer, which is written at once.
 */
export function callMessages(calls: readonly Call[]): Buffer {
  const buffer = Buffer.allocUnsafe(calls.reduce((size, call) => size + sizeOf(call), syncSize));
  let at = 0;
  for (const call of calls) at = writeCall(buffer, at, call);
  at = buffer.writeUInt8(code('S'), at);
  buffer.writeInt32BE(4, at);
  return buffer;
}

const code = (letter: string): number => letter.charCodeAt(0);

const syncSize = 5;
const describeSize = 7;
const executeSize = 10;

const bytesOf = (value: string | null): number => (value === null ? 0 : Buffer.byteLength(value));

const sizeOf = ({ name, values, describe }: Call): number =>
  bindSize(name, values) + (describe ? describeSize : 0) + executeSize;

const bindSize = (name: string, values: Call['values']): number =>
  values.reduce((size, value) => size + 4 + bytesOf(value), 5 + 1 + name.length + 1 + 2 + 2 + 2);

/** The portal has no name, and all values and columns are texts. */
function writeCall(buffer: Buffer, start: number, { name, values, describe }: Call): number {
  let at = buffer.writeUInt8(code('B'), start);
  at = buffer.writeInt32BE(bindSize(name, values) - 1, at);
  at = buffer.writeUInt8(0, at);
  at += buffer.write(name, at, 'latin1');
  at = buffer.writeUInt8(0, at);
  at = buffer.writeInt16BE(0, at);
  at = buffer.writeInt16BE(values.length, at);
  for (const value of values) {
    at = buffer.writeInt32BE(value === null ? -1 : bytesOf(value), at);
    if (value !== null) at += buffer.write(value, at);
  }
  at = buffer.writeInt16BE(0, at);
  if (describe) {
    at = buffer.writeUInt8(code('D'), at);
    at = buffer.writeInt32BE(describeSize - 1, at);
    at = buffer.writeUInt8(code('P'), at);
    at = buffer.writeUInt8(0, at);
  }
  at = buffer.writeUInt8(code('E'), at);
  at = buffer.writeInt32BE(executeSize - 1, at);
  at = buffer.writeUInt8(0, at);
  return buffer.writeInt32BE(0, at);
}
