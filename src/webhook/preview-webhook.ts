import type { Sql } from '../database/database.js';
import { Rejected, problem, type Problem } from '../errors.js';
import { subjectsShown } from '../snapshot/subjects-shown.js';
import { contentProblems } from './endpoint-settings.js';
import { findEndpoint } from './find-endpoints.js';
import { lastBodyOf } from './last-body.js';
import { templateOf, templateWarnings, type TemplateSettings } from './template/check-template.js';
import { differencesOf, type Difference } from './template/differences.js';
import { fillTemplate } from './template/fill-template.js';
import { contentTypeHeader } from './template/format.js';

/** What a template would send of a customer. */
export interface Preview {
  body: string;
  contentType: string;
  lastBody: string | null;
  lastSentAt: Date | null;
  differences: Difference[];
  warnings: string[];
  userErrors: Problem[];
}

export interface PreviewRequest extends Partial<Omit<TemplateSettings, 'template'>> {
  template: string;
  /** Whose settings count where none are given, and whose last body is compared. */
  endpointId: string | null;
  customerId: string;
}

/**
 * Fills a template in for a customer, sends nothing, and compares it with what the endpoint accepted last. What would keep
 * the template from being stored is told beside the text, as far as that gets. `at`: decides which day it is; null: now.
 * @throws Rejected NOT_FOUND for the endpoint
 */
export async function previewWebhook(
  sql: Sql,
  ownerId: string,
  { template, endpointId, customerId, ...given }: PreviewRequest,
  at: Date | null,
): Promise<Preview> {
  const endpoint = endpointId === null ? null : await findEndpoint(sql, ownerId, endpointId);
  if (endpointId !== null && !endpoint)
    throw new Rejected([problem('NOT_FOUND', 'endpointId', 'invalid endpointId (no such webhook endpoint)')]);
  const settings: TemplateSettings = {
    template,
    method: given.method ?? endpoint?.method ?? 'POST',
    contentType: given.contentType ?? endpoint?.contentType ?? 'application/json',
    moneyDecimalComma: given.moneyDecimalComma ?? endpoint?.moneyDecimalComma ?? false,
  };
  const userErrors = problemsOf(settings);
  // Of an unknown content type or a template beyond all size nothing more can be told.
  if (userErrors.some(({ field, code }) => field !== 'template' || code === 'TOO_LONG')) throw new Rejected(userErrors);
  const subject = (await subjectsShown(sql, ownerId, [customerId], at)).get(customerId);
  if (!subject) throw new Rejected([problem('NOT_FOUND', 'customer', 'invalid customer (no such customer)')]);
  const last = endpoint && (await lastBodyOf(sql, ownerId, endpoint, subject));
  const ready = templateOf(settings);
  const { text: body, fault } = fillTemplate(ready, subject);
  if (fault && userErrors.length === 0)
    userErrors.push(problem('INVALID', 'template', `invalid template (${fault}; with this customer)`));
  const contentType =
    settings.method === 'GET' ? 'application/x-www-form-urlencoded' : contentTypeHeader(settings.contentType);
  return {
    ...{ body, contentType, lastBody: last?.body ?? null, lastSentAt: last?.sentAt ?? null },
    differences: last && !fault ? differencesOf(last.body, body, ready.format) : [],
    warnings: templateWarnings(settings),
    userErrors,
  };
}

function problemsOf(settings: TemplateSettings): Problem[] {
  if (['POST', 'PUT', 'GET'].includes(settings.method)) return contentProblems(settings);
  return [problem('INVALID', 'method', 'invalid method (valid values: POST, PUT, GET)')];
}
