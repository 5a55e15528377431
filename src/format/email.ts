import validator from 'validator';

/**
 * Whether text is an e-mail address by its syntax (N8): a mailbox at a domain name of at least two labels; umlauts and
 * internationalised domains pass, display names (`Anna <a@b.it>`) and bare hosts do not. A PEC address is judged alike,
 * since no text shows whether a mailbox is certified.
 */
export function isEmailAddress(text: string): boolean {
  return validator.isEmail(text);
}
