import { afterAll, afterEach, beforeAll } from 'vitest';
import type { HeldRows } from '../../faults/held-rows.js';
import { eventually } from '../../feed/events.js';
import { startTestHub, type TestHub } from '../../hub.js';
import { guestBook, type GuestBook } from '../../snapshot/guest-book.js';
import { holdTags } from './operations.js';
import { Wire } from './wire.js';

/** A hub with a customer whom things happen to, and one bare connection at a time; for the tests of a file. */
export class OperationDesk {
  hub!: TestHub;
  book!: GuestBook;
  /** The one of the test. */
  wire!: Wire;
  private held: HeldRows[] = [];

  /** Opens it for the file, and tidies up behind each test. */
  static open(): OperationDesk {
    const desk = new OperationDesk();
    beforeAll(async () => {
      desk.hub = await startTestHub();
      desk.book = await guestBook(desk.hub);
    });
    afterEach(() => desk.tidyUp());
    afterAll(() => desk.hub.stop());
    return desk;
  }

  /** A connection that its key has opened; by default with all scopes. */
  async connect(key = this.book.owner.key): Promise<Wire> {
    return (this.wire = await (await Wire.open(this.hub.url)).connect(key));
  }

  subscribed(count: number): Promise<void> {
    return eventually(() => this.hub.hub.tail.waiting === count, `${count} subscriptions`);
  }

  /** Queries for tags wait from now on. */
  async hold(): Promise<HeldRows> {
    const locked = await holdTags(this.hub);
    this.held.push(locked);
    return locked;
  }

  private async tidyUp(): Promise<void> {
    await Promise.all(this.held.map((one) => one.release()));
    this.held = [];
    this.wire.destroy();
    await eventually(() => this.hub.hub.tail.waiting === 0, 'the subscriptions of the test have ended');
  }
}
