/**
 * Whether 11 digits are a partita IVA by Luhn's check digit; all zeros pass Luhn and are refused. Own code, because
 * stdnum also looks up the issuing office in digits 8–10 and so refuses numbers that are in use (86334519757).
 */
export function isPartitaIva(digits: string): boolean {
  if (!/^\d{11}$/.test(digits) || /^0+$/.test(digits)) return false;
  let sum = 0;
  for (let i = 0; i < 11; i += 1) {
    const digit = digits.charCodeAt(i) - 48;
    sum += i % 2 === 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit;
  }
  return sum % 10 === 0;
}
