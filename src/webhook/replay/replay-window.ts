import type { ReplayItem, ReplayPage } from './read-replay.js';
import type { ReplayCounts, ReplayPart } from './replay-part.js';

/** HANDED_OVER: under way, and the retries see to it should nobody learn what becomes of it. */
type Place = ReplayItem & { stage: 'WAITING' | 'UNDER_WAY' | 'HANDED_OVER' | 'DONE' };

/** The items of a replay that were read and are not done with, and how far that brings its part of the shard. */
export class ReplayWindow {
  /** In the order of keys. */
  private readonly places = new Map<bigint, Place>();
  private readonly ahead: Set<bigint>;
  readKey: bigint;
  private changed = false;

  constructor(
    readonly part: ReplayPart,
    private readonly count: (outcome: keyof ReplayCounts, count: number) => void,
  ) {
    this.readKey = part.position;
    this.ahead = new Set(part.ahead);
  }

  /** Takes over a page; `wanted`: what the endpoint's filters say of an item before it is sent. */
  add({ items, readKey }: ReplayPage, wanted: (item: ReplayItem) => boolean): void {
    this.changed ||= readKey !== this.readKey;
    this.readKey = readKey;
    for (const item of items) {
      if (this.ahead.has(item.key)) continue;
      this.places.set(item.key, { ...item, stage: 'WAITING' });
      if (!wanted(item)) this.finish([item], 'skipped');
    }
  }

  waiting(): ReplayItem[] {
    return [...this.places.values()].filter(({ stage }) => stage === 'WAITING');
  }

  begin(items: readonly ReplayItem[]): void {
    this.moveTo('UNDER_WAY', items);
  }

  /** They are begun as retries: counted as such from now on, since a crash would leave them to be nothing else. */
  handOver(items: readonly ReplayItem[]): void {
    this.moveTo('HANDED_OVER', items);
    this.count('failed', items.length);
  }

  /** They were begun, and have to be begun again, by whoever they were left to. */
  putBack(items: readonly ReplayItem[]): void {
    if (this.areHandedOver(items)) this.finish(items, 'failed');
    else this.moveTo('WAITING', items);
  }

  finish(items: readonly ReplayItem[], outcome: keyof ReplayCounts): void {
    if (this.areHandedOver(items)) this.count('failed', -items.length);
    this.count(outcome, items.length);
    this.moveTo('DONE', items);
    this.changed = true;
    for (const { key, stage } of this.places.values()) {
      if (stage !== 'DONE') return;
      this.places.delete(key);
    }
  }

  get length(): number {
    return this.places.size;
  }

  get isDone(): boolean {
    return this.places.size === 0 && this.readKey >= this.part.untilKey;
  }

  /** How far it is, if that has changed since the last call. */
  takeProgress(): { position: bigint; ahead: bigint[]; done: boolean } | null {
    if (!this.changed) return null;
    this.changed = false;
    const [oldest] = this.places.values();
    const position = oldest ? oldest.key - 1n : this.readKey;
    const done = [...this.places.values()].filter(({ stage }) => stage === 'DONE').map(({ key }) => key);
    const before = [...this.ahead].filter((key) => key > position);
    return { position, ahead: [...before, ...done], done: this.isDone };
  }

  get hasChanges(): boolean {
    return this.changed;
  }

  private areHandedOver(items: readonly ReplayItem[]): boolean {
    return items.some(({ key }) => this.places.get(key)?.stage === 'HANDED_OVER');
  }

  private moveTo(stage: Place['stage'], items: readonly ReplayItem[]): void {
    for (const { key } of items) {
      const place = this.places.get(key);
      if (place && place.stage !== 'DONE') place.stage = stage;
    }
  }
}
