import DataLoader from 'dataloader';
import { bookingsOf, countBookingsOf, historyOf } from './booking/find-bookings.js';
import { consentsOf } from './consent/consents.js';
import { contactInfosOf, usersOf } from './customer/details-of.js';
import { customersById } from './customer/find-customers.js';
import { customerEdges } from './customer/customer-edges.js';
import type { GatheredCustomers } from './customer/gather-customers.js';
import type { ReadTransaction } from './database/read-transaction.js';
import { externalReferencesOf } from './external-system/external-systems.js';
import type { Page } from './graphql/connection.js';
import { runsOf } from './guest-feed/find-feeds.js';
import { grouped } from './grouped.js';
import { countOrdersOf, linesOf, ordersOf } from './order/find-orders.js';
import { snapshotsShown, type ShownSnapshot } from './snapshot/snapshots-shown.js';
import { tagsOf } from './tag/tags-of.js';
import { tagsById } from './tag/tags.js';
import { endpointFigures, lastDeliveries, lastFailures, successRates } from './webhook/endpoint-figures.js';

/**
 * The edges of one operation, each fetched once for all the customers (orders, bookings) of a list. Fresh for every
 * operation and every event, so nothing stale is ever served.
 */
export class Loaders {
  constructor(
    private readonly read: ReadTransaction,
    private readonly ownerId: string,
    private readonly showExcluded: boolean,
  ) {}

  readonly customer = new DataLoader(async (ids: readonly string[]) => {
    const customers = await customersById(this.read, this.ownerId, ids, this.showExcluded);
    const byId = new Map(customers.map((customer) => [customer.id, customer]));
    return ids.map((id) => byId.get(id) ?? null);
  });

  readonly snapshot = new DataLoader(async (ids: readonly string[]): Promise<(ShownSnapshot | null)[]> => {
    const snapshots = await snapshotsShown(await this.read.sql(), this.ownerId, ids, {
      showExcluded: this.showExcluded,
    });
    return ids.map((id) => snapshots.get(id) ?? null);
  });

  /** The name of a tag by its id; null: there is none. */
  readonly tagName = new DataLoader(async (ids: readonly string[]): Promise<(string | null)[]> => {
    const tags = await tagsById(this.read, this.ownerId, ids);
    const names = new Map(tags.map((tag) => [tag.id, tag.name]));
    return ids.map((id) => names.get(id) ?? null);
  });

  readonly contactInfos = this.edge(contactInfosOf, (info) => info.customerId);
  readonly users = this.edge(usersOf, (user) => user.customerId);
  readonly externalReferences = this.edge(externalReferencesOf, (reference) => reference.customerId);
  readonly tags = this.edge(tagsOf, (tag) => tag.customerId);
  readonly consents = this.edge(consentsOf, (consent) => consent.customerId);
  readonly orderLines = this.edge(linesOf, (line) => line.orderId);
  readonly bookingHistory = this.edge(historyOf, (entry) => entry.bookingId);

  /** What has come along with customers need not be fetched. */
  take({ customers, edges, snapshots }: GatheredCustomers): void {
    for (const [name, rows] of edges) {
      const loader = this[name] as DataLoader<string, unknown[]>;
      const of = grouped(rows, (row) => row[customerEdges[name].parent] as string);
      for (const { id } of customers) loader.prime(id, of.of(id));
    }
    for (const snapshot of snapshots ?? []) this.snapshot.prime(snapshot.customerId, snapshot);
  }

  readonly orders = this.pagedEdge(ordersOf, (order) => order.customerId);
  readonly bookings = this.pagedEdge(bookingsOf, (booking) => booking.customerId);

  readonly guestFeedRuns = this.pagedEdge(runsOf, (run) => run.feedId);

  readonly endpointFigures = this.single(endpointFigures, (figures) => figures.id);
  readonly successRate = this.single(successRates, (rate) => rate.id);
  readonly lastDelivery = this.single(lastDeliveries, (delivery) => delivery.endpointId);
  readonly lastFailure = this.single(lastFailures, (delivery) => delivery.endpointId);

  readonly orderCount = this.count(countOrdersOf);
  readonly bookingCount = this.count(countBookingsOf);

  private edge<Row>(
    fetch: (read: ReadTransaction, ownerId: string, ids: readonly string[]) => Promise<Row[]>,
    key: (row: Row) => string,
  ): DataLoader<string, Row[]> {
    return new DataLoader(async (ids) => {
      const rows = grouped(await fetch(this.read, this.ownerId, ids), key);
      return ids.map((id) => rows.of(id));
    });
  }

  /** At most one row for each id. */
  private single<Row>(
    fetch: (read: ReadTransaction, ownerId: string, ids: readonly string[]) => Promise<Row[]>,
    key: (row: Row) => string,
  ): DataLoader<string, Row | null> {
    return new DataLoader(async (ids) => {
      const rows = new Map((await fetch(this.read, this.ownerId, ids)).map((row) => [key(row), row]));
      return ids.map((id) => rows.get(id) ?? null);
    });
  }

  private count(
    fetch: (read: ReadTransaction, ownerId: string, ids: readonly string[]) => Promise<{ id: string; count: number }[]>,
  ): DataLoader<string, number> {
    return new DataLoader(async (ids) => {
      const counts = new Map((await fetch(this.read, this.ownerId, ids)).map((row) => [row.id, row.count]));
      return ids.map((id) => counts.get(id) ?? 0);
    });
  }

  /** One loader for each page that is asked for: the parents of a list share their arguments. */
  private pagedEdge<Row>(
    fetch: (read: ReadTransaction, ownerId: string, ids: readonly string[], page: Page) => Promise<Row[]>,
    key: (row: Row) => string,
  ): (page: Page) => DataLoader<string, Row[]> {
    const loaders = new Map<string, DataLoader<string, Row[]>>();
    return (page) => {
      const name = JSON.stringify(page);
      const loader = loaders.get(name) ?? this.edge((read, ownerId, ids) => fetch(read, ownerId, ids, page), key);
      loaders.set(name, loader);
      return loader;
    };
  }
}
