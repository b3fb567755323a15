-- What else is known of a customer: addresses, equipment, notes, tags.

CREATE TABLE callcenter.customer_addresses (
	company_id callcenter.object_id NOT NULL,
	id callcenter.object_id NOT NULL,
	customer_id callcenter.object_id NOT NULL,
	position integer NOT NULL,
	type callcenter.address_type NOT NULL DEFAULT 'home',
	label text,
	street text,
	unit text,
	city text,
	state text,
	zip text,
	is_primary boolean NOT NULL DEFAULT false,
	access_notes bytea,
	key_location bytea,
	lockbox_code bytea,
	pet_info text,
	alternate_contact_name text,
	alternate_contact_phone text,
	alternate_contact_phone_e164 callcenter.e164,
	alternate_contact_phone_region text,
	alternate_contact_phone_metadata_version text,
	alternate_contact_relationship text,
	CONSTRAINT customer_addresses_access_codes_sealed CHECK (
		substr(access_notes, 1, 1) = '\x01' AND substr(key_location, 1, 1) = '\x01' AND substr(lockbox_code, 1, 1) = '\x01'),
	PRIMARY KEY (company_id, id),
	FOREIGN KEY (company_id, customer_id) REFERENCES callcenter.customers ON DELETE CASCADE
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.customer_addresses', '');
CREATE INDEX customer_addresses_customer ON callcenter.customer_addresses (company_id, customer_id, position);
COMMENT ON TABLE callcenter.customer_addresses IS 'where a customer''s visits are';
COMMENT ON COLUMN callcenter.customer_addresses.position IS 'place in the customer''s list, from 0';
COMMENT ON COLUMN callcenter.customer_addresses.access_notes IS 'how to get in; an access code, sealed with a key of the key ring';
COMMENT ON COLUMN callcenter.customer_addresses.key_location IS 'where the key is; an access code, sealed';
COMMENT ON COLUMN callcenter.customer_addresses.lockbox_code IS 'code of the lockbox; an access code, sealed';
COMMENT ON COLUMN callcenter.customer_addresses.alternate_contact_phone IS 'the number of the alternate contact, as it came';
COMMENT ON COLUMN callcenter.customer_addresses.alternate_contact_phone_e164 IS 'the same as a key (E.164), when it is valid';
COMMENT ON COLUMN callcenter.customer_addresses.alternate_contact_phone_region IS 'the region that it was read in';
COMMENT ON COLUMN callcenter.customer_addresses.alternate_contact_phone_metadata_version IS 'the phone metadata that read it';

CREATE TABLE callcenter.customer_equipment (
	company_id callcenter.object_id NOT NULL,
	id callcenter.object_id NOT NULL,
	customer_id callcenter.object_id NOT NULL,
	position integer NOT NULL,
	address_id callcenter.object_id,
	type text,
	brand text,
	model text,
	serial_number text,
	installed_date date,
	warranty_expires date,
	last_service_date date,
	notes text,
	PRIMARY KEY (company_id, id),
	FOREIGN KEY (company_id, customer_id) REFERENCES callcenter.customers ON DELETE CASCADE,
	FOREIGN KEY (company_id, address_id) REFERENCES callcenter.customer_addresses ON DELETE CASCADE
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.customer_equipment', '');
CREATE INDEX customer_equipment_customer ON callcenter.customer_equipment (company_id, customer_id, position);
CREATE INDEX customer_equipment_address ON callcenter.customer_equipment (company_id, address_id);
COMMENT ON TABLE callcenter.customer_equipment IS 'what a customer has installed, and at which address';

CREATE TABLE callcenter.customer_notes (
	company_id callcenter.object_id NOT NULL,
	id callcenter.object_id NOT NULL,
	customer_id callcenter.object_id NOT NULL,
	text text NOT NULL,
	category callcenter.note_category NOT NULL DEFAULT 'general',
	added_by text NOT NULL,
	added_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (company_id, id),
	FOREIGN KEY (company_id, customer_id) REFERENCES callcenter.customers ON DELETE CASCADE
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.customer_notes', '');
CREATE INDEX customer_notes_customer ON callcenter.customer_notes (company_id, customer_id, added_at, id);
COMMENT ON TABLE callcenter.customer_notes IS 'notes of people on a customer, append-only';

CREATE TABLE callcenter.customer_tags (
	company_id callcenter.object_id NOT NULL,
	customer_id callcenter.object_id NOT NULL,
	tag text COLLATE "C" NOT NULL CONSTRAINT customer_tags_tag_length CHECK (length(tag) BETWEEN 1 AND 60),
	PRIMARY KEY (company_id, customer_id, tag),
	FOREIGN KEY (company_id, customer_id) REFERENCES callcenter.customers ON DELETE CASCADE
);
SELECT pg_catalog.pg_extension_config_dump('callcenter.customer_tags', '');
CREATE INDEX customer_tags_tag ON callcenter.customer_tags (company_id, tag, customer_id);
COMMENT ON TABLE callcenter.customer_tags IS
	'tags of customers; rows, because array operators are not LEAKPROOF and would use no index under row-level security';

ALTER TABLE callcenter.customer_addresses ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.customer_addresses USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.customer_equipment ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.customer_equipment USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.customer_notes ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.customer_notes USING (company_id = callcenter.current_company());
ALTER TABLE callcenter.customer_tags ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY company ON callcenter.customer_tags USING (company_id = callcenter.current_company());
