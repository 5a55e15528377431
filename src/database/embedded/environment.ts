/**
 * The environment of the server's programs: nothing of the hub's own (its variables hold secrets, `PG…` would change the
 * server), messages in English because start-up failures are recognised by them, and UTC.
 */
export function serverEnvironment(more: Record<string, string> = {}): Record<string, string> {
  const kept = ['PATH', 'LD_LIBRARY_PATH', 'SystemRoot', 'TEMP'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC', ...more };
}
