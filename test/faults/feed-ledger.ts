/**
 * What the readers of one audience are pushed, kept once for all of them: the first to get an event writes it down, every
 * other one must get the same at the same place. So 50,000 events to 1,000 readers are compared byte by byte and kept
 * once, and the whole is compared with the feed of the database at the end.
 */
export class FeedLedger {
  private readonly heads: Buffer[] = [];
  private readonly places = new Map<string, number>();

  /** Whether the message at this place is the one that is written there; at the end it is written. */
  takes(message: Buffer, place: number): boolean {
    const head = this.heads[place];
    if (head) return message.subarray(0, head.length).equals(head) && !isDigit(message[head.length]);
    const parts = pattern.exec(message.toString('latin1'));
    if (!parts) return false;
    this.heads.push(Buffer.from(parts[0], 'latin1'));
    this.places.set(parts[1]!, place + 1);
    return true;
  }

  /** How many events stand before and at the cursor; undefined when nobody was pushed an event with it. */
  placeBehind(cursor: string): number | undefined {
    return this.places.get(cursor);
  }

  /** The cursor behind so many events, and that number. */
  cursorAt(place: number): [string, number] {
    return [pattern.exec(this.heads[place - 1]!.toString('latin1'))![1]!, place];
  }

  /** The cursor behind all that is written, and how much that is. */
  end(): [string, number] {
    return this.cursorAt(this.heads.length);
  }

  /** The events in their order, as `customer:version`. */
  events(): string[] {
    return this.heads.map((head) => {
      const [, , customerId, version] = pattern.exec(head.toString('latin1'))!;
      return `${customerId}:${version}`;
    });
  }
}

/** The beginning of a message up to the version, for selection sets that begin with these three. */
export const firstFields = 'cursor customerId version';
const pattern = /^\{.*?"customerSnapshots":\{"cursor":"([^"]+)","customerId":"(\d+)","version":(\d+)/;

/** A version that goes on where the written one ends is another version. */
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;
