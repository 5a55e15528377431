/**
 * The nouns: owners and what belongs to them. Every key begins with owner_id (architecture, 2); `owner` and `api_key`
 * are the two administrative tables that stand above the owners.
 */
export const nouns = /* sql */ `
CREATE TABLE owner (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text NOT NULL CHECK (code ~ '^[A-Za-z0-9]{3,12}$'),
  name text NOT NULL,
  time_zone text NOT NULL DEFAULT 'UTC',
  currency text NOT NULL DEFAULT 'EUR' CHECK (currency ~ '^[A-Z]{3}$'),
  language text NOT NULL DEFAULT 'en' CHECK (language ~ '^[a-z]{2}$'),
  enabled_vat_statuses text[] NOT NULL,
  notify_new_bookings boolean NOT NULL DEFAULT false,
  guest_feeds_active boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX owner_code_key ON owner (lower(code));

CREATE TABLE api_key (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  public_id text NOT NULL UNIQUE,
  secret_hash bytea NOT NULL,
  name text NOT NULL,
  scopes text[] NOT NULL CHECK (cardinality(scopes) > 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
CREATE TABLE api_key_owner (
  owner_id bigint NOT NULL REFERENCES owner,
  api_key_id bigint NOT NULL REFERENCES api_key ON DELETE CASCADE,
  PRIMARY KEY (owner_id, api_key_id)
);
CREATE INDEX api_key_owner_key_idx ON api_key_owner (api_key_id);

CREATE TABLE customer (
  owner_id bigint NOT NULL REFERENCES owner,
  id bigint GENERATED ALWAYS AS IDENTITY,
  code text NOT NULL CHECK (char_length(code) BETWEEN 1 AND 64),
  code_key text NOT NULL, -- the code without regard to case: src/format/caseless.ts
  type text NOT NULL CHECK (type IN ('PERSON', 'COMPANY')),
  version integer NOT NULL DEFAULT 1 CHECK (version > 0),
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  first_name text, last_name text, corporate_name text,
  sex smallint NOT NULL DEFAULT 0 CHECK (sex IN (0, 1, 2, 9)),
  birth_year smallint CHECK (birth_year BETWEEN 1 AND 9999),
  birth_month smallint CHECK (birth_month BETWEEN 1 AND 12),
  birth_day smallint CHECK (birth_day BETWEEN 1 AND 31),
  email text, mobile text, telephone text, fax text,
  mobile_e164 text, telephone_e164 text, fax_e164 text,
  address text, postal_code text, city text,
  country text CHECK (country ~ '^[A-Z]{2}$'),
  language text CHECK (language ~ '^[a-z]{2}$'),
  currency text CHECK (currency ~ '^[A-Z]{3}$'),
  vat_number text, vat_number_check text NOT NULL DEFAULT 'UNCHECKED' CHECK (vat_number_check IN ('VALID', 'INVALID', 'UNCHECKED')),
  tax_code text, tax_code_check text NOT NULL DEFAULT 'UNCHECKED' CHECK (tax_code_check IN ('VALID', 'INVALID', 'UNCHECKED')),
  vat_status text NOT NULL DEFAULT 'DOMESTIC' CHECK (vat_status IN ('DOMESTIC', 'CONSTRUCTION_REVERSE', 'EU_GOODS', 'EU_SERVICES',
    'EU_NOT_INTRA_COMMUNITY', 'EU_TRIANGULATION', 'OUTSIDE_EU')),
  booking_online boolean, blocked_in_deadline boolean, credit_card boolean, force_contextual_payment boolean,
  customer_homepage text CHECK (customer_homepage IN ('HOME', 'HOTELSONLINE', 'BOOKINGSMANAGEMENT')),
  payment_date text CHECK (payment_date IN ('topay', 'deadline', 'startdate')),
  prepayment_days smallint CHECK (prepayment_days BETWEEN 0 AND 30),
  markup_hotels_web integer, markup_cars_web integer, markup_transfers_web integer, markup_tours_web integer,
  markup_generic_services_web integer,
  sdi_code text CHECK (sdi_code ~ '^[A-Z0-9]{7}$'),
  accounting_code text, accounting_email text, certified_email text, emergency_number text,
  excluded boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, id),
  CONSTRAINT customer_vat_status_type CHECK (type = 'COMPANY' OR vat_status IN ('DOMESTIC', 'OUTSIDE_EU'))
) WITH (fillfactor = 85);
CREATE UNIQUE INDEX customer_code_key ON customer (owner_id, code_key);

CREATE TABLE customer_user (
  owner_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  customer_id bigint NOT NULL,
  name text NOT NULL, email text NOT NULL,
  login text NOT NULL,
  login_key text NOT NULL,
  foreign_code text,
  password_hash text,
  password_sealed bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, id),
  FOREIGN KEY (owner_id, customer_id) REFERENCES customer ON DELETE CASCADE,
  CONSTRAINT customer_user_one_secret CHECK (password_hash IS NULL OR password_sealed IS NULL)
);
CREATE UNIQUE INDEX customer_user_login_key ON customer_user (owner_id, login_key);
CREATE INDEX customer_user_customer_idx ON customer_user (owner_id, customer_id);
CREATE INDEX customer_user_sealed_idx ON customer_user (created_at) WHERE password_sealed IS NOT NULL;

CREATE TABLE contact_info (
  owner_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  customer_id bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('EMAIL', 'PHONE', 'MOBILE', 'FAX', 'POSTAL_ADDRESS')),
  purpose text NOT NULL DEFAULT 'GENERAL' CHECK (purpose IN ('GENERAL', 'BILLING', 'DELIVERY', 'ACCOUNTING', 'CERTIFIED_EMAIL', 'EMERGENCY')),
  label text,
  value text,
  value_e164 text,
  address_name text, address_street text, address_postal_code text, address_city text, address_region text,
  address_country text CHECK (address_country ~ '^[A-Z]{2}$'),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, id),
  FOREIGN KEY (owner_id, customer_id) REFERENCES customer ON DELETE CASCADE,
  CONSTRAINT contact_info_value_or_address CHECK ((kind = 'POSTAL_ADDRESS') = (value IS NULL)
    AND (kind = 'POSTAL_ADDRESS' OR num_nonnulls(address_name, address_street, address_postal_code, address_city, address_region, address_country) = 0))
);
CREATE INDEX contact_info_customer_idx ON contact_info (owner_id, customer_id);

CREATE TABLE external_system (
  owner_id bigint NOT NULL REFERENCES owner,
  id bigint GENERATED ALWAYS AS IDENTITY,
  code text NOT NULL CHECK (code ~ '^[A-Z][A-Z0-9_]{0,63}$'),
  number text CHECK (number ~ '^[0-9]{1,9}$'),
  name text NOT NULL,
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, code),
  UNIQUE (owner_id, number)
);
CREATE TABLE external_reference (
  owner_id bigint NOT NULL,
  customer_id bigint NOT NULL,
  system_id bigint NOT NULL,
  identifier text NOT NULL CHECK (char_length(identifier) BETWEEN 1 AND 255),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, customer_id, system_id),
  CONSTRAINT external_reference_pair_key UNIQUE (owner_id, system_id, identifier),
  FOREIGN KEY (owner_id, customer_id) REFERENCES customer ON DELETE CASCADE,
  FOREIGN KEY (owner_id, system_id) REFERENCES external_system
);

CREATE TABLE tag (
  owner_id bigint NOT NULL REFERENCES owner,
  id bigint GENERATED ALWAYS AS IDENTITY,
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 50),
  name_key text NOT NULL,
  PRIMARY KEY (owner_id, id)
);
CREATE UNIQUE INDEX tag_name_key ON tag (owner_id, name_key);
CREATE TABLE customer_tag (
  owner_id bigint NOT NULL,
  customer_id bigint NOT NULL,
  tag_id bigint NOT NULL,
  PRIMARY KEY (owner_id, customer_id, tag_id),
  FOREIGN KEY (owner_id, customer_id) REFERENCES customer ON DELETE CASCADE,
  FOREIGN KEY (owner_id, tag_id) REFERENCES tag
);
CREATE INDEX customer_tag_tag_idx ON customer_tag (owner_id, tag_id);

-- Every statement about a consent is kept; the one that happened last decides, and of two at the same moment the withdrawal.
CREATE TABLE consent (
  owner_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  customer_id bigint NOT NULL,
  channel text NOT NULL CHECK (channel IN ('EMAIL', 'SMS')),
  accepted boolean NOT NULL,
  source text,
  evidence text,
  occurred_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, id),
  FOREIGN KEY (owner_id, customer_id) REFERENCES customer ON DELETE CASCADE
);
CREATE INDEX consent_deciding_idx ON consent (owner_id, customer_id, channel, occurred_at DESC, accepted, id DESC);

CREATE TABLE customer_order (
  owner_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  customer_id bigint NOT NULL,
  channel text NOT NULL CHECK (channel IN ('POS', 'ONLINE')),
  kind text NOT NULL CHECK (kind IN ('RECEIPT', 'INVOICE', 'CREDIT_NOTE', 'ONLINE_ORDER')),
  number text NOT NULL CHECK (char_length(number) BETWEEN 1 AND 64),
  status text NOT NULL DEFAULT 'UNPROCESSED' CHECK (status IN ('UNPROCESSED', 'PROCESSED', 'CANCELLED')),
  paid boolean NOT NULL DEFAULT false,
  ordered_at timestamptz NOT NULL,
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  exchange_rate numeric(20, 10) NOT NULL DEFAULT 1 CHECK (exchange_rate > 0),
  total_value numeric(18, 4) NOT NULL,
  total_value_ex_vat numeric(18, 4) NOT NULL,
  -- G16: what counts towards the totals, decided once, here
  counted boolean GENERATED ALWAYS AS (channel = 'POS' OR (paid AND status <> 'CANCELLED')) STORED,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, id),
  CONSTRAINT customer_order_number_key UNIQUE (owner_id, channel, number),
  FOREIGN KEY (owner_id, customer_id) REFERENCES customer ON DELETE CASCADE,
  CONSTRAINT customer_order_pos_kind CHECK (channel = 'ONLINE' OR kind <> 'ONLINE_ORDER'),
  CONSTRAINT customer_order_sign CHECK (CASE WHEN kind = 'CREDIT_NOTE' THEN total_value <= 0 AND total_value_ex_vat <= 0
    ELSE total_value >= 0 AND total_value_ex_vat >= 0 END)
);
CREATE INDEX customer_order_customer_idx ON customer_order (owner_id, customer_id, id);
CREATE INDEX customer_order_totals_idx ON customer_order (owner_id, customer_id)
  INCLUDE (exchange_rate, total_value, total_value_ex_vat) WHERE counted;
CREATE INDEX customer_order_last_idx ON customer_order (owner_id, customer_id, ordered_at DESC) WHERE counted AND channel = 'ONLINE';
CREATE TABLE order_line (
  owner_id bigint NOT NULL,
  order_id bigint NOT NULL,
  line smallint NOT NULL,
  description text,
  quantity numeric(14, 4) NOT NULL,
  unit_price numeric(18, 4) NOT NULL,
  vat_rate numeric(7, 4) NOT NULL CHECK (vat_rate BETWEEN 0 AND 100),
  PRIMARY KEY (owner_id, order_id, line),
  FOREIGN KEY (owner_id, order_id) REFERENCES customer_order ON DELETE CASCADE
);

CREATE TABLE booking (
  owner_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  customer_id bigint NOT NULL,
  number text NOT NULL CHECK (char_length(number) BETWEEN 1 AND 64),
  service text NOT NULL CHECK (char_length(service) BETWEEN 1 AND 200),
  starts_at timestamptz NOT NULL,
  ends_at timestamptz NOT NULL,
  status text NOT NULL DEFAULT 'BOOKED' CHECK (status IN ('BOOKED', 'CONFIRMED', 'CHECKED_IN', 'CHECKED_OUT', 'CANCELLED', 'NO_SHOW')),
  language text CHECK (language ~ '^[a-z]{2}$'),
  notify boolean NOT NULL,
  checked_out_at timestamptz,
  deleted_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, id),
  CONSTRAINT booking_number_key UNIQUE (owner_id, number),
  FOREIGN KEY (owner_id, customer_id) REFERENCES customer ON DELETE CASCADE,
  CONSTRAINT booking_ends_after_start CHECK (ends_at >= starts_at)
);
CREATE INDEX booking_customer_idx ON booking (owner_id, customer_id, id);
-- A59: the bookings that can be the last or the next one
CREATE INDEX booking_live_idx ON booking (owner_id, customer_id, starts_at) WHERE deleted_at IS NULL AND status <> 'CANCELLED';
CREATE TABLE booking_history (
  owner_id bigint NOT NULL,
  id bigint GENERATED ALWAYS AS IDENTITY,
  booking_id bigint NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  event text NOT NULL,
  detail text,
  PRIMARY KEY (owner_id, id),
  FOREIGN KEY (owner_id, booking_id) REFERENCES booking ON DELETE CASCADE
);
CREATE INDEX booking_history_booking_idx ON booking_history (owner_id, booking_id, id);
`;
