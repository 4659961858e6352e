/** Prefix for the issuer, put before an NPI to compute its check digit (CMS, NPI check digit calculation). */
const ISSUER = '80840';

/** Whether a text is a National Provider Identifier: ten digits, of which the last is the check digit of the others. */
export function isNpi(text: string): boolean {
  return /^\d{10}$/.test(text) && npiCheckDigit(text.slice(0, -1)) === text.at(-1);
}

/** The check digit that follows the first nine digits of an NPI: Luhn's (ISO/IEC 7812), over the issuer prefix too. */
export function npiCheckDigit(digits: string): string {
  const sum = [...`${ISSUER}${digits}`].reverse().reduce((total, digit, index) => {
    const weighted = index % 2 === 0 ? 2 * Number(digit) : Number(digit);
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return String((10 - (sum % 10)) % 10);
}
