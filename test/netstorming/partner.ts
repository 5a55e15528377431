import { doorRow, type Row } from '../bulk/rows.js';
import type { TestHub, TestOwner } from '../hub.js';

export interface DoorAnswer<Results> {
  status: number;
  headers: Headers;
  /** The answer as it came over the wire. */
  text: string;
  dry_run: boolean;
  results: Results;
  errors: { 'line/index': number; errors: string[] }[];
}

export interface InsertResult {
  code: string;
  customer: boolean;
  user: boolean;
}

export type DoorPath = 'insert' | 'enable' | 'disable';

/** A partner's program: it knows its key, its owner code and the URL, and nothing else of the hub. */
export function partnerOf(hub: TestHub, owner: TestOwner) {
  const body = (customers: unknown, more: Row = {}): Row => ({
    key: owner.key,
    owner_code: owner.code,
    customers,
    ...more,
  });
  return {
    body,
    insert: (customers: unknown, more: Row = {}, headers: Record<string, string> = {}) =>
      send<InsertResult[]>(hub, 'insert', JSON.stringify(body(customers, more)), headers),
    enable: (customers: unknown, more: Row = {}) =>
      send<Record<string, boolean>>(hub, 'enable', JSON.stringify(body(customers, more))),
    disable: (customers: unknown, more: Row = {}) =>
      send<Record<string, boolean>>(hub, 'disable', JSON.stringify(body(customers, more))),
  };
}

/** One request at the door with a body as it is, past everything that would make it well-formed. */
export async function send<Results = unknown>(
  hub: Pick<TestHub, 'url'>,
  path: DoorPath,
  body: string,
  headers: Record<string, string> = {},
  method = 'POST',
): Promise<DoorAnswer<Results>> {
  const response = await fetch(`${hub.url}/api/customers/${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(method === 'GET' ? {} : { body }),
  });
  const text = await response.text();
  const envelope = JSON.parse(text) as Omit<DoorAnswer<Results>, 'status' | 'headers' | 'text'>;
  return { status: response.status, headers: response.headers, text, ...envelope };
}

/** A good item with every field, and with a code and a login of its own. */
export const item = (n: number, changes: Row = {}): Row => ({
  ...doorRow,
  code: `N${n}`.padEnd(3, 'x'),
  admin_user_login: `login${n}`,
  ...changes,
});

/** Only what the document demands of an item. */
export function compulsoryItem(n: number, changes: Row = {}): Row {
  const optional = [
    ...['admin_user_foreign_code', 'vat', 'corporatename', 'mailaccountability', 'tax_code', 'markuphotelsweb'],
    ...['markupcarsweb', 'markuptransfersweb', 'markuptoursweb', 'markupgenericservicesweb', 'sdi_code', 'accounting'],
    ...['mobile_phone', 'pec_address', 'force_contextual_payment', 'customer_homepage', 'emergency_number'],
    ...['payment_date', 'prepayment_days'],
  ];
  const compulsory = Object.entries(item(n)).filter(([field]) => !optional.includes(field));
  return { ...Object.fromEntries(compulsory), ...changes };
}
