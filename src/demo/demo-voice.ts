import { styleText } from 'node:util';

/** What the demo says to a person, on standard output. */
export const headline = (text: string): void => void process.stdout.write(`\n${styleText('bold', text)}\n`);

export const say = (text: string): void => void process.stdout.write(`  ${text}\n`);

export interface Push {
  customerId: string;
  version: number;
  reasons: string[];
  snapshot: {
    code: string;
    name: string;
    ordersTotalCount: number;
    ordersTotalValue: string;
    currency: string;
    nextBooking: { startsAt: string; service: string } | null;
    lastBooking: { date: string; service: string } | null;
    acceptsMarketingEmail: boolean;
    tags: { name: string; value: boolean }[];
  } | null;
}

/** One line for a push: through which channel, who, why, and what the snapshot says now. */
export function sayPush(channel: 'subscriber' | 'webhook', push: Push): void {
  const head = `${channel.padEnd(10)} v${push.version} ${push.reasons.join('+').padEnd(8)}`;
  process.stdout.write(`  ${styleText(channel === 'webhook' ? 'magenta' : 'cyan', head)} ${pictureOf(push)}\n`);
}

function pictureOf({ customerId, snapshot }: Push): string {
  if (!snapshot) return `customer ${customerId} is excluded`;
  const { nextBooking, lastBooking, tags } = snapshot;
  const parts = [
    `${snapshot.code} ${snapshot.name}`,
    `${snapshot.ordersTotalCount} orders ${snapshot.ordersTotalValue} ${snapshot.currency}`,
    nextBooking ? `next: ${nextBooking.service} ${nextBooking.startsAt.slice(0, 16).replace('T', ' ')}` : 'next: none',
    ...(lastBooking ? [`last: ${lastBooking.service} ${lastBooking.date}`] : []),
    ...(snapshot.acceptsMarketingEmail ? ['newsletter'] : []),
    ...tags.filter((tag) => tag.value).map((tag) => `#${tag.name}`),
  ];
  return parts.join(' · ');
}
