/** `12,345 rows`, `1 row`. */
export const amount = (count: number, unit: string): string =>
  `${count.toLocaleString('en-US')} ${count === 1 ? unit.replace(/s$/, '') : unit}`;

/** A time that lies ahead, no finer than a person needs it: `42 s`, `3 min 5 s`, `2 h 10 min`. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
}
