/** The settings every embedded server starts with; `PGDATA/postgresql.conf` stays as initdb made it. */
const defaults: Record<string, string> = {
  max_connections: '200',
  timezone: 'UTC',
  log_timezone: 'UTC',
  logging_collector: 'off',
  log_destination: 'stderr',
  // Errors of statements are told to their client. Here they would put values of customers into a file.
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
};

const withoutDurability: Record<string, string> = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/** The `-c` arguments of the server; later settings win over earlier ones. `hubPid` tells the next start who runs this server. */
export function settingArguments(
  hubPid: number,
  throwaway: boolean,
  endpoint: Record<string, string>,
  more: Record<string, string>,
): string[] {
  const durability = throwaway ? withoutDurability : {};
  const settings = { ...defaults, ...durability, ...more, ...endpoint, 'stamdata.hub_pid': String(hubPid) };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
