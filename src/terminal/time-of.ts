import { StartupError } from '../errors.js';

/** A time that was given with an option. @throws StartupError (wrong usage) that names it */
export function timeOf(text: string, option: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new StartupError(`${option}: not a time: ${text}`, 2);
  return time;
}
