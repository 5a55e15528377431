/**
 * What time it is. `null` leaves it to PostgreSQL (`statement_timestamp()`), so that processes with skewed clocks agree;
 * a date is for tests and previews. Every statement that depends on time takes it as a parameter.
 */
export interface Clock {
  at(): Date | null;
}

export const databaseClock: Clock = { at: () => null };
