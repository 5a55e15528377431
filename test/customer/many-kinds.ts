import type { TestHub, TestOwner } from '../hub.js';

/** Texts that JSON, SQL and JavaScript each write in their own way. */
const awkward = ['"quoted" \\ back', 'tab\tand\nline', 'Ωß漢字 🌲', "O'Hara <&>", 'DEL\u007f sep\u2028end', '$1 ?| ->'];

/**
 * Fills an owner with customers that differ in all that can be shown of them: names in any script, parts that are missing,
 * every sex, addresses and values, references, tags, consents, logins, orders and bookings of all times. Of every three the
 * first has all of it, the second some and the third nothing.
 */
export async function makeManyKinds({ clone }: Pick<TestHub, 'clone'>, owner: TestOwner, count: number): Promise<void> {
  const systems = ['WOOCOMMERCE', 'POSTI', 'MAESTRO'];
  for (const name of ['VIP', 'Ünïcode "tag"', 'Never set'])
    await demand(owner, 'mutation ($name: String!) { it: createTag(name: $name) { userErrors { message } } }', {
      name,
    });
  for (let i = 0; i < count; i++) {
    const text = awkward[i % awkward.length]!.replaceAll(/[\n\t\u007f\u2028]/g, ' ');
    const full = i % 3 === 0;
    await demand(
      owner,
      'mutation ($input: CreateCustomerInput!) { it: createCustomer(input: $input) { userErrors { field message } } }',
      {
        input: {
          ...{ code: `C${i}`, name: `${text} ${i}`, sex: ['UNKNOWN', 'MALE', 'FEMALE', 'NOT_APPLICABLE'][i % 4] },
          ...(i % 3 < 2 && {
            email: `c${i}@example.com`,
            birthDate: full ? { year: 1980, month: 2, day: 29 } : { month: 5, day: 17 },
          }),
          ...(full && {
            ...{ firstName: text, city: text, mobile: '+45 20123456', country: 'DK', vatStatus: 'OUTSIDE_EU' },
            type: 'COMPANY',
          }),
          ...(full && {
            ...{ creditCard: false, prepaymentDays: 3, markupCarsWeb: -5 },
            acceptsMarketingEmail: true,
            tags: ['VIP'],
          }),
          externalReferences: systems.slice(i % 3).map((system) => ({ system, identifier: `S${i}` })),
        },
      },
    );
  }
  const by = { code: 'C0' };
  for (const input of [
    { kind: 'EMAIL', value: 'second@example.org', label: awkward[0] },
    { kind: 'POSTAL_ADDRESS', address: { street: awkward[3], city: 'Ωmega' } },
  ])
    await demand(
      owner,
      'mutation ($by: CustomerIdentifierInput!, $input: ContactInfoInput!) { it: createContactInfo(customer: $by, input: $input) { userErrors { message } } }',
      { by, input },
    );
  await clone.sql(
    `INSERT INTO customer_user (owner_id, customer_id, name, email, login, login_key)
     SELECT owner_id, id, 'Login "' || code || '"', 'l@example.com', 'L' || code, 'l' || code_key FROM customer WHERE owner_id = $1 AND id % 3 = 0`,
    [owner.id],
  );
  await recordHistory(owner, count);
  // What the checks at the doors would not let in is stored all the same: it came before them.
  for (const [i, text] of awkward.entries())
    await clone.sql(
      "UPDATE customer SET address = $3, created_at = created_at + interval '0.000999 s' WHERE owner_id = $1 AND code = $2",
      [owner.id, `C${i}`, text],
    );
}

async function recordHistory(owner: TestOwner, count: number): Promise<void> {
  const of = (i: number) => ({ customer: { code: `C${i}` }, number: `N${i}` });
  const some = Array.from({ length: count }, (_, i) => i).filter((i) => i % 3 < 2);
  const line = { description: awkward[0], quantity: '2', unitPrice: '62.505', vatRate: '25' };
  await demand(
    owner,
    'mutation ($input: RecordOrdersInput!) { it: recordOrders(input: $input) { userErrors { message } errors { index errors } } }',
    {
      input: {
        ownerCode: owner.code,
        orders: some.map((i) => ({
          ...of(i),
          channel: 'ONLINE',
          kind: 'ONLINE_ORDER',
          status: 'PROCESSED',
          paid: true,
          orderedAt: '2026-03-01T10:00:00.123Z',
          lines: [line, line],
        })),
      },
    },
  );
  const booking = (i: number, number: string, day: string) => ({
    ...of(i),
    number,
    service: awkward[i % 6]!.replaceAll(/[\n\t\u007f\u2028]/g, ' '),
    startsAt: `${day}T14:00:00.5Z`,
    endsAt: `${day}T16:00:00Z`,
  });
  await demand(
    owner,
    'mutation ($input: RecordBookingsInput!) { it: recordBookings(input: $input) { userErrors { message } errors { index errors } } }',
    {
      input: {
        ownerCode: owner.code,
        bookings: some.flatMap((i) => [
          booking(i, `P${i}`, '2020-05-17'),
          ...(i % 2 === 0 ? [booking(i, `F${i}`, '2036-05-17')] : []),
        ]),
      },
    },
  );
}

/** @throws when anything about the call was wrong */
async function demand(owner: TestOwner, query: string, variables: object): Promise<void> {
  const { it } = await owner.gql<{ it: { userErrors: object[]; errors?: object[] } }>(query, variables);
  if (it.userErrors.length > 0 || it.errors?.length) throw new Error(JSON.stringify(it));
}
