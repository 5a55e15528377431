import { RequestRefused } from '../server/read-body.js';

const mib = 1024 * 1024;
/** Of bodies whose key is still among their own bytes: dozens of the largest batches that partners send (8 MB). */
const mostBytes = 256 * mib;

/**
 * The memory that senders without a known key may fill at a time. The door's key is in the body (N1), so bytes are kept
 * before it is known who sends them; without an end to that, any stranger could fill the hub.
 */
export class UnknownSenders {
  private held = 0;

  constructor(private readonly most = mostBytes) {}

  /** Runs the reading of one body; `arrived` is to be told its bytes. @throws RequestRefused 503 when there is no room */
  async reading<T>(read: (arrived: (bytes: number) => void) => Promise<T>): Promise<T> {
    let own = 0;
    const arrived = (bytes: number) => {
      if (this.held + bytes > this.most) throw new RequestRefused(503, 'too many bodies at once: send this one again');
      own += bytes;
      this.held += bytes;
    };
    try {
      return await read(arrived);
    } finally {
      this.held -= own;
    }
  }
}
