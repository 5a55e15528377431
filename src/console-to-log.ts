import type { Log } from './log.js';

/**
 * What libraries write to the console becomes lines of the log, with nothing of its
 * text: where it was written, or the error that it is about.
 */
export function consoleToLog(log: Log): void {
  const tell =
    (level: 'warn' | 'debug') =>
    (...given: unknown[]): void => {
      const error = given.find((each) => each instanceof Error) ?? new Error('its text is not told');
      log(level, 'a library has written to the console', { error });
    };
  console.error = console.warn = tell('warn');
  console.log = console.info = console.debug = tell('debug');
}
