/** A snapshot as it is stored (`customer_snapshot.body`): what `CustomerSnapshot` shows, but for the tags' names. */
export interface SnapshotBody {
  customerId: string;
  code: string;
  version: number;
  /** RFC 3339, UTC offset of the database session. */
  computedAt: string;
  name: string;
  firstName: string;
  lastName: string;
  /** ISO/IEC 5218 (A54). */
  sex: number;
  birthDate: { year: number | null; month: number | null; day: number | null } | null;
  email: string | null;
  mobile: string | null;
  postalCode: string | null;
  ordersTotalCount: number;
  /** Exact decimals with two places (A50). */
  ordersTotalValue: string;
  ordersTotalValueExVat: string;
  currency: string;
  /** YYYY-MM-DD in the owner's time zone. */
  ordersLastDate: string | null;
  lastBooking: SnapshotBookingBody | null;
  nextBooking: SnapshotBookingBody | null;
  acceptsMarketingEmail: boolean;
  acceptsMarketingSms: boolean;
  /** Ids of the tags that are set on the customer. */
  tags: string[];
}

export interface SnapshotBookingBody {
  bookingId: string;
  /** YYYY-MM-DD in the owner's time zone. */
  date: string;
  startsAt: string;
  service: string;
}
