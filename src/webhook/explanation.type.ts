import { Field, ObjectType } from 'type-graphql';
import { DateTime } from '../graphql/scalars.js';
import { RuleVerdict } from '../graphql/rule-verdict.js';
import { Delivery } from './delivery.entity.js';

@ObjectType({
  description: "Whether a customer's newest event will be sent to an endpoint, and what speaks against it.",
  simpleResolvers: true,
})
export class DeliveryExplanation {
  @Field(() => Boolean, {
    description:
      'The event waits and is sent without anybody doing anything: every rule holds, or instead of the conditions toldBefore.',
  })
  willSend!: boolean;

  @Field(() => [RuleVerdict], {
    description:
      "endpointActive, feedReachesBack (14 days), breaker and pace (B.7) of the endpoint; event, the customer's newest one; exceptOrigins, reasons, the conditions and toldBefore as the dispatcher judges them; content, whether the template can be filled in; notSentBefore, what became of the event; notDead, its attempts.",
  })
  rules!: RuleVerdict[];

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When it is due: the next attempt, the next probe while the breaker is open, or now when it only waits for its turn. Null: nothing will be sent.',
  })
  nextAttemptAt!: Date | null;

  @Field(() => Delivery, {
    nullable: true,
    description: 'The last attempt for this customer to this endpoint within 14 days; null: none.',
  })
  lastDelivery!: Delivery | null;
}
