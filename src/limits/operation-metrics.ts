import { Counter, type Registry } from 'prom-client';
import type { PersistedOperations } from './persisted-operations.js';

/** The counter of operations that are not in the manifest: when it stands still, the mode can go from log to enforce. */
export function registerOperationMetrics(registry: Registry, operations: PersistedOperations): void {
  new Counter({
    name: 'stamdata_unlisted_operations_total',
    help: 'Requests for operations that are not in the manifest of STAMDATA_PERSISTED_OPERATIONS_FILE',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(operations.unlisted);
    },
  });
}
