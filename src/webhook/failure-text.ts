/**
 * Why no answer came, in words for the tenant. Known kinds only: the error's own message could name addresses inside the
 * hub's network.
 */
export function failureText(error: unknown): string {
  const code = codeOf(error);
  const known = texts[code];
  if (known) return known;
  if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/.test(code))
    return `TLS failed: ${code}`;
  if ((error as Error | null)?.name === 'AbortError') return 'ended by the hub';
  return 'connection failed';
}

function codeOf(error: unknown): string {
  const { code, cause, errors } = (error ?? {}) as { code?: unknown; cause?: unknown; errors?: unknown[] };
  if (typeof code === 'string') return code;
  if (errors?.length) return codeOf(errors[0]);
  return cause ? codeOf(cause) : '';
}

const texts: Record<string, string> = {
  ADDRESS_NOT_ALLOWED: 'address not allowed',
  ENOTFOUND: 'the host name could not be resolved',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection closed by the receiver',
  EPIPE: 'connection closed by the receiver',
  UND_ERR_SOCKET: 'connection closed by the receiver',
  ETIMEDOUT: 'connecting timed out',
  UND_ERR_CONNECT_TIMEOUT: 'connecting timed out',
  UND_ERR_HEADERS_OVERFLOW: 'the headers of the answer are too large',
};
