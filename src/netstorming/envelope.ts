/** What the door answers, whatever happened: the document's form, its keys and their order (N39–N41, A11). */
export interface Envelope<Results> {
  /** Whether it was a dry run; false where that was not said (A13). */
  dry_run: boolean;
  results: Results;
  errors: EnvelopeError[];
}

export interface EnvelopeError {
  /** Place of the item, from 1 (A12); 0 for the call as a whole (A29). */
  'line/index': number;
  errors: string[];
}

/** The envelope of a call of which nothing was done (A29). */
export function refusedEnvelope<Results>(dryRun: boolean, none: Results, messages: string[]): Envelope<Results> {
  return { dry_run: dryRun, results: none, errors: [{ 'line/index': 0, errors: messages }] };
}
