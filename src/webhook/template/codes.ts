import type { Subject } from '../../snapshot/subjects-shown.js';
import { ageOn, birthPart } from './birth-date.js';
import { dayText } from './day-text.js';
import { middleNames } from './middle-names.js';

/** What codes read: a customer, and how its owner's template writes money (A50). */
export interface Reading extends Subject {
  decimalMark: '.' | ',';
}

type Tag = Reading['snapshot']['tags'][number];

/**
 * The replacement codes of a customer under the names that Gecko Booking gives them, in any case (A1). What is not known
 * is blank (A49) unless a rule says otherwise. A new code is one line here.
 */
export const customerCodes: Readonly<Record<string, (from: Reading) => string>> = {
  customerId: ({ snapshot }) => snapshot.customerId, // G5, A58
  customerName: ({ snapshot }) => snapshot.name, // G6
  customerFirstname: ({ snapshot }) => snapshot.firstName, // G7
  customerLastname: ({ snapshot }) => snapshot.lastName, // G8, A2
  customerSexValue: ({ snapshot }) => (snapshot.sex === 1 || snapshot.sex === 2 ? String(snapshot.sex) : '0'), // G9, A54
  customerBirthdateDay_DD: ({ snapshot }) => birthPart(snapshot, 'day', 2), // G10
  customerBirthdateMonth_MM: ({ snapshot }) => birthPart(snapshot, 'month', 2), // G11
  customerBirthdateYear: ({ snapshot }) => birthPart(snapshot, 'year', 1), // G12, A48
  customerEmail: ({ snapshot }) => snapshot.email ?? '', // G13
  customerMobile: ({ snapshot }) => snapshot.mobile ?? '', // G14
  customerPostalcode: ({ snapshot }) => snapshot.postalCode ?? '', // G15
  ordersTotalCount: ({ snapshot }) => String(snapshot.ordersTotalCount), // G16
  ordersTotalValue: ({ snapshot, decimalMark }) => snapshot.ordersTotalValue.replace('.', decimalMark), // G17
  ordersTotalValueExVat: ({ snapshot, decimalMark }) => snapshot.ordersTotalValueExVat.replace('.', decimalMark), // G18
  ordersLastDate: ({ snapshot }) => dayText(snapshot.ordersLastDate, 'DD/MM-YYYY'), // G19
  customerLastBookingDate: ({ snapshot }) => dayText(snapshot.lastBooking?.date, 'DD/MM-YYYY'), // G20
  'customerLastBookingDate_DD-MM-YYYY': ({ snapshot }) => dayText(snapshot.lastBooking?.date, 'DD-MM-YYYY'), // G21
  'customerLastBookingDate_YYYY-MM-DD': ({ snapshot }) => dayText(snapshot.lastBooking?.date, 'YYYY-MM-DD'), // G22
  customerLastBookingService: ({ snapshot }) => snapshot.lastBooking?.service ?? '', // G23
  customerNextBookingDate: ({ snapshot }) => dayText(snapshot.nextBooking?.date, 'DD/MM-YYYY'), // G24
  'customerNextBookingDate_DD-MM-YYYY': ({ snapshot }) => dayText(snapshot.nextBooking?.date, 'DD-MM-YYYY'), // G25, A4
  'customerNextBookingDate_YYYY-MM-DD': ({ snapshot }) => dayText(snapshot.nextBooking?.date, 'YYYY-MM-DD'), // G26, A4
  customerNextBookingService: ({ snapshot }) => snapshot.nextBooking?.service ?? '', // G27
  customerAcceptsMarketingEmail: ({ snapshot }) => (snapshot.acceptsMarketingEmail ? '1' : '0'), // G28
  customerAcceptsMarketingSms: ({ snapshot }) => (snapshot.acceptsMarketingSms ? '1' : '0'), // G29

  // G33: the rest of the category "Customer", as the English manual lists it
  customerMiddlenames: ({ snapshot }) => middleNames(snapshot),
  customerAddress: ({ details }) => details.address ?? '',
  customerCity: ({ details }) => details.city ?? '',
  customerTelephone: ({ details }) => details.telephone ?? '',
  customerBirthdateDay: ({ snapshot }) => birthPart(snapshot, 'day', 1),
  customerBirthdateMonth: ({ snapshot }) => birthPart(snapshot, 'month', 1),
  customerBirthdateMonth_DD: ({ snapshot }) => birthPart(snapshot, 'month', 2), // so printed there for _MM

  // G33: the same category as the Danish manual names it
  kundeNavn: ({ snapshot }) => snapshot.name,
  kundeFornavn: ({ snapshot }) => snapshot.firstName,
  kundeEfternavn: ({ snapshot }) => snapshot.lastName,
  kundeAdresse: ({ details }) => details.address ?? '',
  kundePostnr: ({ snapshot }) => snapshot.postalCode ?? '',
  kundeBynavn: ({ details }) => details.city ?? '',
  kundeTelefon: ({ details }) => details.telephone ?? '',
  kundeMobil: ({ snapshot }) => snapshot.mobile ?? '',
  kundeEmail: ({ snapshot }) => snapshot.email ?? '',
  kundeNummer: ({ snapshot }) => snapshot.code,
  kundeAlder: ({ snapshot, details }) => ageOn(details.today, snapshot.birthDate),
  kundeKode: () => '******', // a password: never more than this, there or here
};

/** The codes of a tag, between `[customerTag_Begin]` and `[customerTag_End]` (G31). */
export const tagCodes: Readonly<Record<string, (tag: Tag) => string>> = {
  customerTagId: (tag) => tag.id, // A58
  customerTagName: (tag) => tag.name,
  customerTagValue: (tag) => (tag.value ? '1' : '0'),
};
