import { setFlagsFromString } from 'node:v8';

/** How much the heap may grow over what is alive in it, in percent, before V8 cleans up. */
const growthPercent = 50;

/**
 * For a process that runs for long: lets V8 clean up when half as much again has been allocated as is alive, not when it
 * is four times as much, as it does where the machine has memory. With 1,000 subscribers behind a bulk write the process took 245
 * instead of 440 MB, for the same processor time (D11).
 */
export function limitHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
}
