import type { RuleVerdict } from '../graphql/rule-verdict.js';
import type { ShownSnapshot } from '../snapshot/snapshots-shown.js';

/** Conditions on a customer's snapshot, as they are stored: all that are given must hold. */
export interface Conditions {
  hasEmail?: boolean;
  hasMobile?: boolean;
  acceptsMarketingEmail?: boolean;
  acceptsMarketingSms?: boolean;
  /** Ids of tags, so that renaming one changes nothing; a deleted one is carried by nobody. */
  hasAnyTag?: string[];
  hasAllTags?: string[];
  hasNoTag?: string[];
  /** Codes of external systems. */
  fromAnySystem?: string[];
}

/** Of a customer that is shown, what conditions are judged by. */
export interface JudgedSnapshot {
  snapshot: Pick<ShownSnapshot, 'email' | 'mobile' | 'acceptsMarketingEmail' | 'acceptsMarketingSms' | 'tags'>;
  /** Codes of the external systems that the customer has a reference in. */
  systems: readonly string[];
}

/** Each condition that is given with its verdict; the values tell of the customer what is so, never the data itself. */
export function judgeConditions(conditions: Conditions, customer: JudgedSnapshot): RuleVerdict[] {
  return given(conditions).map((name) => ({ rule: name, ...verdict(name, conditions, customer) }));
}

/** Whether all hold. */
export const meetsAll = (conditions: Conditions, customer: JudgedSnapshot): boolean =>
  given(conditions).every((name) => verdict(name, conditions, customer).holds);

type Name = keyof Conditions;
type Verdict = Omit<RuleVerdict, 'rule'>;

const rules: { [N in Name]-?: (wanted: NonNullable<Conditions[N]>, customer: JudgedSnapshot) => Verdict } = {
  hasEmail: (wanted, { snapshot }) => flag(wanted, snapshot.email !== null, 'has an e-mail address', 'has none'),
  hasMobile: (wanted, { snapshot }) => flag(wanted, snapshot.mobile !== null, 'has a mobile number', 'has none'),
  acceptsMarketingEmail: (wanted, { snapshot }) => flag(wanted, snapshot.acceptsMarketingEmail, 'accepts', 'does not'),
  acceptsMarketingSms: (wanted, { snapshot }) => flag(wanted, snapshot.acceptsMarketingSms, 'accepts', 'does not'),
  hasAnyTag: (wanted, customer) => tags(wanted, customer, (carried) => carried > 0),
  hasAllTags: (wanted, customer) => tags(wanted, customer, (carried) => carried === wanted.length),
  hasNoTag: (wanted, customer) => tags(wanted, customer, (carried) => carried === 0),
  fromAnySystem: (wanted, { systems }) => {
    const found = wanted.filter((system) => systems.includes(system));
    return {
      value: `${found.length > 0 ? `has a reference in ${found.join(', ')}` : 'has a reference in none'}; wanted: any of ${wanted.join(', ')}`,
      holds: found.length > 0,
    };
  },
};

const names = Object.keys(rules) as Name[];
const given = (conditions: Conditions): Name[] => names.filter((name) => conditions[name] !== undefined);

/** The rule of a name takes what the conditions have under it, which the compiler cannot tell of a name it does not know. */
const verdict = (name: Name, conditions: Conditions, customer: JudgedSnapshot): Verdict =>
  rules[name](conditions[name] as never, customer);

const flag = (wanted: boolean, is: boolean, yes: string, no: string): Verdict => ({
  value: `${is ? yes : no}; wanted: ${wanted ? 'yes' : 'no'}`,
  holds: is === wanted,
});

function tags(wanted: readonly string[], { snapshot }: JudgedSnapshot, holds: (carried: number) => boolean): Verdict {
  const carried = snapshot.tags.filter(({ id, value }) => value && wanted.includes(id));
  const named = wanted.map((id) => snapshot.tags.find((tag) => tag.id === id)?.name ?? `deleted tag ${id}`);
  const carries = carried.length > 0 ? carried.map(({ name }) => name).join(', ') : 'none';
  return { value: `carries ${carries}; asked for: ${named.join(', ')}`, holds: holds(carried.length) };
}
