import { createSocket } from 'node:dgram';

/** What the name server says of a name. */
export interface Records {
  a?: string[];
  /** In full, without `::`: eight groups. */
  aaaa?: string[];
  /** Another name, whose records are told too. */
  cname?: string;
}

const types = { A: 1, CNAME: 5, AAAA: 28 } as const;

/** A real DNS server on the loopback, which tells of each name what `recordsOf` gives at that moment, with a TTL of 0. */
export async function startNameServer(recordsOf: (name: string) => Records) {
  const asked: string[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, { port, address }) => {
    const { name, type, end } = question(query);
    asked.push(`${name} ${type}`);
    const answers = answersTo(name, type, recordsOf);
    const head = Buffer.from(query.subarray(0, end));
    head.writeUInt16BE(0x8180, 2); // an answer, recursion is available
    head.writeUInt16BE(answers.length, 6);
    head.fill(0, 8, 12);
    socket.send(Buffer.concat([head, ...answers]), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    /** Each question: name and type. */
    asked,
    address: `127.0.0.1:${socket.address().port}`,
    stop: () => new Promise<void>((resolve) => socket.close(() => resolve())),
  };
}

function question(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at]!; length > 0; length = query[at]!) {
    labels.push(query.toString('ascii', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function answersTo(name: string, type: number, recordsOf: (name: string) => Records): Buffer[] {
  const { a = [], aaaa = [], cname } = recordsOf(name);
  const own = type === types.A ? a.map((address) => record(name, types.A, ipv4(address))) : [];
  if (type === types.AAAA) own.push(...aaaa.map((address) => record(name, types.AAAA, ipv6(address))));
  if (cname === undefined) return own;
  return [record(name, types.CNAME, encoded(cname)), ...answersTo(cname, type, recordsOf)];
}

function record(name: string, type: number, data: Buffer): Buffer {
  const fixed = Buffer.alloc(10); // type, class, TTL 0, length
  fixed.writeUInt16BE(type, 0);
  fixed.writeUInt16BE(1, 2);
  fixed.writeUInt16BE(data.length, 8);
  return Buffer.concat([encoded(name), fixed, data]);
}

const encoded = (name: string): Buffer =>
  Buffer.concat([
    ...name.split('.').flatMap((label) => [Buffer.from([label.length]), Buffer.from(label)]),
    Buffer.from([0]),
  ]);

const ipv4 = (address: string): Buffer => Buffer.from(address.split('.').map(Number));

function ipv6(address: string): Buffer {
  const groups = address.split(':').map((group) => parseInt(group, 16));
  if (groups.length !== 8) throw new Error(`not in full: ${address}`);
  return Buffer.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}
