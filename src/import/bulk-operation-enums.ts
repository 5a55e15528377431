import { registerEnumType } from 'type-graphql';

/** What a bulk operation does. */
export const bulkOperationKinds = { IMPORT_CUSTOMERS: 'IMPORT_CUSTOMERS' } as const;
export type BulkOperationKind = keyof typeof bulkOperationKinds;

registerEnumType(bulkOperationKinds, {
  name: 'BulkOperationKind',
  description: 'What a bulk operation does.',
  valuesConfig: { IMPORT_CUSTOMERS: { description: 'POST /import/customers.' } },
});

/** How far it has got. */
export const bulkOperationStates = {
  RUNNING: 'RUNNING',
  DONE: 'DONE',
  INTERRUPTED: 'INTERRUPTED',
  CANCELLED: 'CANCELLED',
  FAILED: 'FAILED',
} as const;
export type BulkOperationState = keyof typeof bulkOperationStates;

registerEnumType(bulkOperationStates, {
  name: 'BulkOperationState',
  description: 'How far a bulk operation has got.',
  valuesConfig: {
    RUNNING: { description: 'The file is being sent and its rows are written.' },
    DONE: { description: 'Every row of the file has its result.' },
    INTERRUPTED: {
      description:
        'The sender went away or the hub ended. The same file with the same idempotency key goes on where it stopped.',
    },
    CANCELLED: { description: 'Ended by cancelBulkOperation; what had been written stays written.' },
    FAILED: {
      description:
        'The file could not be read any further; note says why. Corrected from that line on, it goes on with the same key.',
    },
  },
});
