const maxStoredBytes = 4 * 1024;

/**
 * The beginning of an answer in the form in which it may lie in the log of attempts for 14 days: at most 4 KiB, text that
 * PostgreSQL can store, without e-mail addresses, long numbers and signing secrets. Null for an empty answer.
 */
export function storableHead(answer: Buffer): string | null {
  if (answer.length === 0) return null;
  const text = answer
    .subarray(0, maxStoredBytes)
    .toString('utf8')
    .replace(unstorable, '\uFFFD')
    .replace(mailAddress, '[redacted]')
    .replace(personal, '[redacted]');
  return Buffer.from(text)
    .subarray(0, maxStoredBytes)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');
}

// Everything of category Cc but tab and line ends.
const unstorable = /[^\P{Cc}\t\n\r]/gu;
// Receivers like to echo what they got. Each run of letters is begun once: without that, 4 KiB of them took 10 ms.
const mailAddress = /(?<![^\s"'<>@,;:])[^\s"'<>@,;:]+@[^\s"'<>@,;:]+/g;
/** Secrets, telephone and tax numbers. */
const personal = /whsec_[\w+/=-]+|\+?\d[\d ()-]{5,}\d/g;
