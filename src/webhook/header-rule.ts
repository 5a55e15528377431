import { problem, type Problem } from '../errors.js';

const maxHeaders = 10;
const maxValueBytes = 4_096;
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/;
const forbidden =
  /^(host|content-.*|transfer-encoding|connection|keep-alive|te|trailer|upgrade|expect|cookie|user-agent|webhook-.*|proxy-.*|x-forwarded-.*)$/i;

/** What is wrong with an endpoint's own headers (delivery-design B.8); none may change how the request is framed. */
export function headerProblems(headers: readonly { name: string; value: string }[]): Problem[] {
  if (headers.length > maxHeaders)
    return [problem('LIMIT_EXCEEDED', 'headers', `invalid headers (at most ${maxHeaders})`)];
  const seen = new Set<string>();
  return headers.flatMap(({ name, value }, i) => {
    const at = `headers.${i}`;
    const lower = name.toLowerCase();
    if (!token.test(name)) return [problem('INVALID', `${at}.name`, `invalid ${at}.name (not a header name)`)];
    if (forbidden.test(name)) return [problem('INVALID', `${at}.name`, `invalid ${at}.name (set by the hub)`)];
    if (seen.has(lower)) return [problem('DUPLICATE_IN_INPUT', `${at}.name`, `invalid ${at}.name (given twice)`)];
    seen.add(lower);
    if (Buffer.byteLength(value) > maxValueBytes)
      return [problem('TOO_LONG', `${at}.value`, `invalid ${at}.value (at most ${maxValueBytes} bytes)`)];
    if (!/^[\t\x20-\x7e]*$/.test(value))
      return [problem('INVALID', `${at}.value`, `invalid ${at}.value (only visible ASCII, spaces and tabs)`)];
    return [];
  });
}
