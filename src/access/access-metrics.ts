import { Counter, type Registry } from 'prom-client';
import type { RefusedCalls } from './refused-calls.js';

/** The counter of refused callers. Its label is the reason alone: no name, key or address stands in the metrics. */
export function registerAccessMetrics(registry: Registry, refused: RefusedCalls): void {
  new Counter({
    name: 'stamdata_refused_callers_total',
    help: 'Callers that were refused for their key, token or owner',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [reason, count] of Object.entries(refused)) this.inc({ reason }, count);
    },
  });
}
