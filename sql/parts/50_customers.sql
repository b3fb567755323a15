-- Customers and their numbers. A customer is found by any of its numbers; the primary one is a row of customer_phones too.

CREATE TABLE callcenter.customer_numbers (
	company_id callcenter.object_id PRIMARY KEY REFERENCES callcenter.companies ON DELETE CASCADE,
	last_number bigint NOT NULL DEFAULT 0
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.customer_numbers', '');
COMMENT ON TABLE callcenter.customer_numbers IS
	'the last CUST number given out in a company; its row is also the lock under which a first call makes a customer, so that a number is never used twice, also after a deletion';

CREATE TABLE callcenter.customers (
	company_id callcenter.object_id NOT NULL REFERENCES callcenter.companies ON DELETE CASCADE,
	id callcenter.object_id NOT NULL,
	customer_number bigint NOT NULL,
	first_name text,
	last_name text,
	full_name text GENERATED ALWAYS AS (
		CASE
			WHEN first_name IS NULL THEN last_name
			WHEN last_name IS NULL THEN first_name
			ELSE first_name || ' ' || last_name
		END) STORED,
	email text,
	customer_type callcenter.customer_type NOT NULL DEFAULT 'residential',
	status text COLLATE "C" NOT NULL DEFAULT 'lead'
		CONSTRAINT customers_status_vocabulary CHECK (status::callcenter.customer_status IS NOT NULL),
	source callcenter.customer_source,
	version integer NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	preferred_time_of_day callcenter.time_of_day,
	preferred_days callcenter.weekday[],
	communication_method callcenter.communication_method NOT NULL DEFAULT 'call',
	language text NOT NULL DEFAULT 'en',
	payment_method text,
	special_instructions text,
	erased_at timestamptz,
	PRIMARY KEY (company_id, id),
	CONSTRAINT customers_number_key UNIQUE (company_id, customer_number)
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.customers', '');
CREATE INDEX customers_email ON callcenter.customers (company_id, email);
CREATE INDEX customers_last_name ON callcenter.customers (company_id, last_name);
CREATE INDEX customers_status ON callcenter.customers (company_id, status, customer_number);
-- the customers of a type; not one index, because the operators of enums are not LEAKPROOF
CREATE INDEX customers_residential ON callcenter.customers (company_id, customer_number) WHERE customer_type = 'residential';
CREATE INDEX customers_commercial ON callcenter.customers (company_id, customer_number) WHERE customer_type = 'commercial';
CREATE INDEX customers_property_manager ON callcenter.customers (company_id, customer_number) WHERE customer_type = 'property_manager';
COMMENT ON TABLE callcenter.customers IS 'one row a customer of a company';
COMMENT ON COLUMN callcenter.customers.customer_number IS 'counts up per company; shown as CUST-00842';
COMMENT ON COLUMN callcenter.customers.full_name IS 'first and last name, as far as they are known';
COMMENT ON COLUMN callcenter.customers.language IS 'language the customer speaks (BCP 47), as "en" or "es-US"';
COMMENT ON COLUMN callcenter.customers.erased_at IS 'when the person was erased; the row stays, without the person, so that counts stay right';
COMMENT ON COLUMN callcenter.customers.version IS 'goes up with every change; what If-Match compares';

CREATE TABLE callcenter.customer_phones (
	company_id callcenter.object_id NOT NULL,
	phone callcenter.e164 NOT NULL,
	customer_id callcenter.object_id NOT NULL,
	kind callcenter.phone_kind NOT NULL,
	shared boolean NOT NULL DEFAULT false,
	raw text,
	region text,
	metadata_version text,
	PRIMARY KEY (company_id, phone, customer_id),
	CONSTRAINT customer_phones_kind_key UNIQUE (company_id, customer_id, kind),
	FOREIGN KEY (company_id, customer_id) REFERENCES callcenter.customers ON DELETE CASCADE
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.customer_phones', '');
CREATE UNIQUE INDEX customer_phones_owner ON callcenter.customer_phones (company_id, phone) WHERE NOT shared;
COMMENT ON TABLE callcenter.customer_phones IS 'every number of every customer; what recognition looks up';
COMMENT ON COLUMN callcenter.customer_phones.shared IS 'a number of several customers (an office, a couple): recognised, but as nobody in particular';
COMMENT ON COLUMN callcenter.customer_phones.raw IS 'the number as it came';
COMMENT ON COLUMN callcenter.customer_phones.region IS 'the region that the number was read in';
COMMENT ON COLUMN callcenter.customer_phones.metadata_version IS 'the phone metadata that read it; keys are never rewritten by a newer one';

CREATE TABLE callcenter.appointments (
	company_id callcenter.object_id NOT NULL REFERENCES callcenter.companies ON DELETE CASCADE,
	id callcenter.object_id NOT NULL,
	customer_id callcenter.object_id,
	service text,
	scheduled_date date,
	time_window text,
	status callcenter.appointment_status NOT NULL DEFAULT 'scheduled',
	value numeric,
	external_ref text,
	version integer NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	address_id callcenter.object_id,
	notes text,
	PRIMARY KEY (company_id, id),
	FOREIGN KEY (company_id, customer_id) REFERENCES callcenter.customers,
	CONSTRAINT appointments_external_ref_key UNIQUE (company_id, external_ref)
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.appointments', '');
CREATE INDEX appointments_customer ON callcenter.appointments (company_id, customer_id, scheduled_date);
CREATE INDEX appointments_date ON callcenter.appointments (company_id, scheduled_date, id);
COMMENT ON TABLE callcenter.appointments IS 'visits: what was booked, for whom, and how it went';
COMMENT ON COLUMN callcenter.appointments.scheduled_date IS 'day of the visit in the company''s time zone; NULL while it is not known';
COMMENT ON COLUMN callcenter.appointments.value IS 'what the customer paid, in the company''s currency';
COMMENT ON COLUMN callcenter.appointments.address_id IS 'where the visit is; an address of the customer, which may be gone by now';
COMMENT ON COLUMN callcenter.appointments.external_ref IS 'id of the appointment in the platform''s own calendar, when it has another one';

ALTER TABLE callcenter.customer_numbers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.customer_numbers USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.customers ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.customers USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.customer_phones ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.customer_phones USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.appointments ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.appointments USING (company_id = callcenter.current_company());
