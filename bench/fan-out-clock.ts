/** Milliseconds on a clock that is the same in all processes of the machine. */
export const now = (): number => Number(process.hrtime.bigint()) / 1e6;
