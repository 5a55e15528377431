import type { StreamedEvent } from './events-after.js';

/** So many are kept, oldest out first; of readers that are slow each by itself every one has a page in hand anyway. */
const mostKept = 8;

export interface FeedPage {
  events: StreamedEvent[];
  bounds: { first: bigint; last: bigint };
}

/**
 * Pages of one owner's feed as those read them who have fallen behind its live end. A bulk write leaves all of them behind
 * at once, at about the same place: each page is read for all. (200 readers of 20,000 changes that read by themselves made
 * the process grow by 270 to 415 MB, of snapshots that were parsed once for each.)
 */
export class FeedPages {
  private readonly pages = new Map<bigint, Promise<FeedPage>>();
  /** How often all were forgotten: what was read before the last time must not be shown. */
  clears = 0;

  /**
   * The page that begins behind a position. `read` must give a whole page: an incomplete one would be kept as if the feed
   * ended there.
   */
  async get(begin: bigint, read: () => Promise<FeedPage>): Promise<FeedPage> {
    const { clears } = this;
    const page = await (this.pages.get(begin) ?? this.keep(begin, read()));
    return clears === this.clears ? page : this.get(begin, read);
  }

  /** Forgets all, those being read too: something that they show must not be shown any more. */
  clear(): void {
    this.clears++;
    this.pages.clear();
  }

  private keep(begin: bigint, page: Promise<FeedPage>): Promise<FeedPage> {
    this.pages.set(begin, page);
    page.catch(() => {
      if (this.pages.get(begin) === page) this.pages.delete(begin); // who comes next tries again
    });
    const [oldest] = this.pages.keys();
    if (this.pages.size > mostKept) this.pages.delete(oldest!);
    return page;
  }
}
