import { registerEnumType } from 'type-graphql';

export enum CustomerType {
  PERSON = 'PERSON',
  COMPANY = 'COMPANY',
}

/** ISO/IEC 5218 (A54): the numbers are what is stored and what templates show. */
export enum Sex {
  UNKNOWN = 0,
  MALE = 1,
  FEMALE = 2,
  NOT_APPLICABLE = 9,
}

/** Tehden's VAT options; their wire numbers 1 to 7 in this order (T12). */
export enum VatStatus {
  DOMESTIC = 'DOMESTIC',
  CONSTRUCTION_REVERSE = 'CONSTRUCTION_REVERSE',
  EU_GOODS = 'EU_GOODS',
  EU_SERVICES = 'EU_SERVICES',
  EU_NOT_INTRA_COMMUNITY = 'EU_NOT_INTRA_COMMUNITY',
  EU_TRIANGULATION = 'EU_TRIANGULATION',
  OUTSIDE_EU = 'OUTSIDE_EU',
}

/** What became of the checksum of a VAT number or tax code: told, never a reason to refuse (A24). */
export enum NumberCheck {
  VALID = 'VALID',
  INVALID = 'INVALID',
  UNCHECKED = 'UNCHECKED',
}

registerEnumType(CustomerType, { name: 'CustomerType', description: 'What a customer is (T6, A45).' });
registerEnumType(Sex, { name: 'Sex', description: 'ISO/IEC 5218: 0, 1, 2, 9 (G9, A54).' });
registerEnumType(VatStatus, {
  name: 'VatStatus',
  description: 'Default VAT handling, wire numbers 1 to 7 (T12). 2 to 6 are for companies only (A45).',
});
registerEnumType(NumberCheck, { name: 'NumberCheck', description: 'Whether a number has a right checksum (A24).' });
