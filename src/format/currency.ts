/** The canonical form (upper case) of an ISO 4217 code given in either case, or null (N12, A63). */
export function canonicalCurrency(text: string): string | null {
  const code = /^[A-Za-z]{3}$/.test(text) ? text.toUpperCase() : ''; // ASCII: ß in upper case is SS
  return active.has(code) ? code : null;
}

/**
 * ISO 4217 list one as of November 2026, funds and metals included: BGN left it when Bulgaria took the euro
 * (January 2026), XCG replaced ANG (2025), ZWG replaced ZWL and SLE replaced SLL (2024), XAD came in 2025.
 * Intl knows the names but also every currency that ever was, so it cannot answer which ones are current.
 */
export const currencies: readonly string[] = `
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF
CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF
IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT
MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS
VED VES VND VUV WST XAD XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG`
  .trim()
  .split(/\s+/);

const active = new Set(currencies);
