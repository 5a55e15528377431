import { Rejected, problem, type Problem } from '../errors.js';
import type { AddressGuard } from './address-guard.js';
import { headerProblems } from './header-rule.js';
import { templateProblems, type TemplateSettings } from './template/check-template.js';
import { contentTypes } from './template/format.js';
import type { NamedConditions } from './name-conditions.js';
import { originProblems, originsOf } from './origin-rule.js';
import { shardProblems } from './shard-slice.js';
import type { EndpointHeader, WebhookEndpoint } from './webhook-endpoint.entity.js';
import type { WebhookEndpointInput } from './webhook-endpoint.input.js';

/** Of an endpoint, what its owner decides. */
export type EndpointSettings = Omit<
  WebhookEndpoint,
  'ownerId' | 'id' | 'disabledReason' | 'createdAt' | 'updatedAt' | 'failureLevel' | 'failingSince' | 'failingReason'
>;

const maxRatePerSecond = 100_000;

const defaults: Omit<EndpointSettings, 'url'> = {
  method: 'POST',
  contentType: 'application/json',
  template: null,
  moneyDecimalComma: false,
  headers: [],
  reasons: null,
  conditions: null,
  exceptOrigins: null,
  mode: 'EVERY',
  onDead: 'SKIP',
  shards: 1,
  state: 'ACTIVE',
  maxInFlight: 8,
  ratePerSecond: 50,
  operationalEvents: false,
};

/**
 * The settings that an input asks for: left out keeps what `present` has (a new endpoint: the default), null restores the
 * default. `named`: its conditions, with what they name looked up. @throws Rejected with every problem at once
 */
export function settingsOf(
  input: WebhookEndpointInput,
  guard: Pick<AddressGuard, 'checkUrl'>,
  present: Omit<EndpointSettings, 'url'> = defaults,
  named: NamedConditions = { conditions: undefined, problems: [] },
): EndpointSettings {
  const settings: EndpointSettings = {
    url: input.url,
    method: chosen(input.method as EndpointSettings['method'], present.method, defaults.method),
    contentType: chosen(input.contentType, present.contentType, defaults.contentType),
    template: chosen(input.template, present.template, defaults.template),
    moneyDecimalComma: chosen(input.moneyDecimalComma, present.moneyDecimalComma, defaults.moneyDecimalComma),
    headers: chosen(input.headers && headersOf(input.headers), present.headers, defaults.headers),
    reasons: chosen(input.reasons && [...new Set(input.reasons)], present.reasons, defaults.reasons),
    conditions: chosen(named.conditions, present.conditions, defaults.conditions),
    exceptOrigins: chosen(input.exceptOrigins && originsOf(input), present.exceptOrigins, defaults.exceptOrigins),
    mode: chosen(input.mode, present.mode, defaults.mode),
    onDead: chosen(input.onDead, present.onDead, defaults.onDead),
    shards: chosen(input.shards, present.shards, defaults.shards),
    state: input.active === undefined ? present.state : input.active === false ? 'PAUSED' : 'ACTIVE',
    maxInFlight: chosen(input.maxInFlight, present.maxInFlight, defaults.maxInFlight),
    ratePerSecond: chosen(input.ratePerSecond, present.ratePerSecond, defaults.ratePerSecond),
    operationalEvents: chosen(input.operationalEvents, present.operationalEvents, defaults.operationalEvents),
  };
  const problems = [...addressProblems(input, guard), ...contentProblems(settings), ...noticeProblems(settings)];
  problems.push(...limitProblems(input), ...named.problems, ...originProblems(input), ...shardProblems(settings));
  if (problems.length > 0) throw new Rejected(problems);
  return settings;
}

function addressProblems(input: WebhookEndpointInput, guard: Pick<AddressGuard, 'checkUrl'>): Problem[] {
  const problems: Problem[] = [];
  const wrong = guard.checkUrl(input.url);
  if (wrong) problems.push(problem('INVALID', 'url', `invalid url (${wrong})`));
  if (input.method != null && !['POST', 'PUT', 'GET'].includes(input.method))
    problems.push(problem('INVALID', 'method', 'invalid method (valid values: POST, PUT, GET)'));
  return [...problems, ...headerProblems(input.headers ?? [])];
}

/** Judges what results, not what was given: a new content type may be wrong for the template that is there. */
export function contentProblems(settings: Omit<TemplateSettings, 'template'> & { template: string | null }): Problem[] {
  const { template, contentType } = settings;
  const valid = template === null ? [defaults.contentType] : contentTypes;
  if (!valid.includes(contentType)) {
    const without = template === null ? ' without a template' : '';
    return [problem('INVALID', 'contentType', `invalid contentType (valid values${without}: ${valid.join(', ')})`)];
  }
  return template === null ? [] : templateProblems({ ...settings, template });
}

function limitProblems(input: WebhookEndpointInput): Problem[] {
  const problems: Problem[] = [];
  if (input.maxInFlight != null && (input.maxInFlight < 1 || input.maxInFlight > 64))
    problems.push(problem('OUT_OF_RANGE', 'maxInFlight', 'invalid maxInFlight (1 to 64)'));
  if (input.ratePerSecond != null && (input.ratePerSecond < 1 || input.ratePerSecond > maxRatePerSecond))
    problems.push(problem('OUT_OF_RANGE', 'ratePerSecond', 'invalid ratePerSecond (1 to 100,000)'));
  return problems;
}

/** An endpoint without any reason is for operational events alone; those need a body. */
function noticeProblems({ reasons, operationalEvents, method }: EndpointSettings): Problem[] {
  const problems: Problem[] = [];
  if (reasons?.length === 0 && !operationalEvents)
    problems.push(problem('INVALID', 'reasons', 'invalid reasons (name at least one, or leave it out for all)'));
  if (operationalEvents && method === 'GET')
    problems.push(problem('INVALID', 'operationalEvents', 'invalid operationalEvents (they need POST or PUT)'));
  return problems;
}

const headersOf = (headers: readonly EndpointHeader[]): EndpointHeader[] =>
  headers.map(({ name, value }) => ({ name, value }));

const chosen = <T>(given: T | null | undefined, present: T, byDefault: T): T =>
  given === undefined ? present : (given ?? byDefault);
