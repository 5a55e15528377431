import { registerEnumType } from 'type-graphql';

export const subjectKinds = {
  API_KEY: 'API_KEY',
  BULK_OPERATION: 'BULK_OPERATION',
  EXTERNAL_SYSTEM: 'EXTERNAL_SYSTEM',
  GUEST_FEED: 'GUEST_FEED',
  OWNER: 'OWNER',
  TAG: 'TAG',
  WEBHOOK_ENDPOINT: 'WEBHOOK_ENDPOINT',
  WEBHOOK_REPLAY: 'WEBHOOK_REPLAY',
} as const;
export type SubjectKind = keyof typeof subjectKinds;

registerEnumType(subjectKinds, {
  name: 'AuditSubjectKind',
  description: 'Of which kind a setting is that was changed.',
  valuesConfig: {
    API_KEY: { description: 'A key.' },
    BULK_OPERATION: { description: 'An import.' },
    EXTERNAL_SYSTEM: { description: "A system of the owner's own." },
    GUEST_FEED: { description: 'A guest feed.' },
    OWNER: { description: 'The owner itself: its time zone, currency and so on.' },
    TAG: { description: 'A tag.' },
    WEBHOOK_ENDPOINT: { description: 'A webhook endpoint.' },
    WEBHOOK_REPLAY: { description: 'A replay of deliveries.' },
  },
});

/** The setting, or the import, that a change is about. */
export interface Subject {
  kind: SubjectKind;
  id: string;
}
