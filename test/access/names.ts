/** What can name something of an owner. */
export interface Names {
  customer: string;
  code: string;
  contactInfo: string;
  tag: string;
  endpoint: string;
  booking: string;
  guestFeed: string;
  replay: string;
  bulkOperation: string;
  identifier: string;
  keyId: string;
  /** Of its feed, before anything happened. */
  cursor: string;
  ownerCode: string;
  /** Where its endpoints and guest feeds send to. */
  receiver: string;
}

/** Names of things that there never were. */
export const unknown: Names = {
  ...{
    customer: '987654321',
    contactInfo: '987654321',
    tag: '987654321',
    endpoint: '987654321',
    guestFeed: '987654321',
    replay: '987654321',
    bulkOperation: '987654321',
    keyId: '987654321',
  },
  ...{ code: 'CODE-nobody', booking: 'STAY-nobody', identifier: 'PAIR-nobody', ownerCode: 'NOBODY', cursor: '' },
  receiver: 'https://example.org/',
};
