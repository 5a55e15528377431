import { describe, expect, test } from 'vitest';
import { isEmailAddress } from '../../src/format/email.js';
import { isPhoneText, toE164 } from '../../src/format/phone.js';

describe('e-mail', () => {
  test('N8, N33: addresses at a domain, PEC and international ones among them', () => {
    for (const address of [
      'a@pec.it',
      'a+b@c.it',
      "o'neil@example.com",
      'jürgen@exämple.de',
      'x@xn--bcher-kva.example',
    ]) {
      expect(isEmailAddress(address)).toBe(true);
    }
  });

  test('N8: bare hosts, display names, double dots and blanks are refused', () => {
    for (const address of ['a@b', 'a', '@b.it', 'A <a@b.it>', 'a..b@c.it', 'a b@c.it', 'a@b.it, c@d.it', '']) {
      expect(isEmailAddress(address)).toBe(false);
    }
  });
});

describe('telephone numbers', () => {
  test('digits, spaces and + - ( ), with a digit among them', () => {
    for (const number of ['0', '+39 06 9480-5123', '(06) 94805123']) expect(isPhoneText(number)).toBe(true);
    for (const number of ['', '+', '()', '06/9480', '06.9480', 'tel 06', '٠١٢'])
      expect(isPhoneText(number)).toBe(false);
  });

  test('A19: international numbers need no country', () => {
    expect(toE164('+390694805123', null)).toBe('+390694805123');
    expect(toE164('+45 70 27 16 99', null)).toBe('+4570271699');
    expect(toE164('00390694805123', null)).toBe('+390694805123');
    expect(toE164('+4570271699', 'IT')).toBe('+4570271699');
  });

  test("A19: local numbers take the customer's country, and Italy keeps its leading zero", () => {
    expect(toE164('0694805123', 'IT')).toBe('+390694805123');
    expect(toE164('(06) 9480-5123', 'IT')).toBe('+390694805123');
    expect(toE164('030 1234567', 'DE')).toBe('+49301234567');
    expect(toE164('70271699', 'DK')).toBe('+4570271699');
    expect(toE164('00390694805123', 'IT')).toBe('+390694805123');
  });

  test('A19: what has no E.164 form gives null', () => {
    expect(toE164('0694805123', null)).toBeNull();
    expect(toE164('+0123', null)).toBeNull();
    expect(toE164('123', 'IT')).toBeNull();
    expect(toE164('1234567', 'AQ')).toBeNull(); // Antarctica has no numbering plan
    expect(toE164('12345678901234567890', 'IT')).toBeNull();
  });
});
