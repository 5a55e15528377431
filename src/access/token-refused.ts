import type { RefusedReason } from './refused-calls.js';

/** Why a token is refused. The message goes to the caller: of a token that is not the issuer's it says nothing more. */
export class TokenRefused extends Error {
  constructor(
    readonly reason: RefusedReason,
    message: string,
  ) {
    super(message);
  }
}
