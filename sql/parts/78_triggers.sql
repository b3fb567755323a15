-- The triggers that keep the derived tables of 70_stats and 75_summary: once a statement, with the rows that it changed.

CREATE FUNCTION callcenter.calls_changed()
RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_calls_changed';
COMMENT ON FUNCTION callcenter.calls_changed() IS 'keeps customer_stats and the counters of calls';

CREATE TRIGGER calls_inserted AFTER INSERT ON callcenter.calls
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.calls_changed();
CREATE TRIGGER calls_updated AFTER UPDATE ON callcenter.calls
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.calls_changed();
CREATE TRIGGER calls_deleted AFTER DELETE ON callcenter.calls
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.calls_changed();

CREATE FUNCTION callcenter.appointments_changed()
RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_appointments_changed';
COMMENT ON FUNCTION callcenter.appointments_changed() IS 'keeps the appointments, the value and the visits in customer_stats';

CREATE TRIGGER appointments_inserted AFTER INSERT ON callcenter.appointments
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.appointments_changed();
CREATE TRIGGER appointments_updated AFTER UPDATE ON callcenter.appointments
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.appointments_changed();
CREATE TRIGGER appointments_deleted AFTER DELETE ON callcenter.appointments
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.appointments_changed();

CREATE FUNCTION callcenter.customers_changed()
RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_customers_changed';
COMMENT ON FUNCTION callcenter.customers_changed() IS 'keeps the counters of customers, and a row of customer_stats for each';

CREATE TRIGGER customers_inserted AFTER INSERT ON callcenter.customers
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.customers_changed();
CREATE TRIGGER customers_updated AFTER UPDATE ON callcenter.customers
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.customers_changed();
CREATE TRIGGER customers_deleted AFTER DELETE ON callcenter.customers
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.customers_changed();

CREATE FUNCTION callcenter.follow_ups_changed()
RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_follow_ups_changed';
COMMENT ON FUNCTION callcenter.follow_ups_changed() IS 'keeps the counters of follow-ups';

CREATE TRIGGER follow_ups_inserted AFTER INSERT ON callcenter.follow_ups
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.follow_ups_changed();
CREATE TRIGGER follow_ups_updated AFTER UPDATE ON callcenter.follow_ups
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.follow_ups_changed();
CREATE TRIGGER follow_ups_deleted AFTER DELETE ON callcenter.follow_ups
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.follow_ups_changed();

CREATE FUNCTION callcenter.profiles_changed()
RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_profiles_changed';
COMMENT ON FUNCTION callcenter.profiles_changed() IS 'keeps the cards in customer_stats';

-- a new customer has no number yet, and so no card
CREATE TRIGGER customers_profile_updated AFTER UPDATE ON callcenter.customers
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_phones_inserted AFTER INSERT ON callcenter.customer_phones
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_phones_updated AFTER UPDATE ON callcenter.customer_phones
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_phones_deleted AFTER DELETE ON callcenter.customer_phones
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_addresses_inserted AFTER INSERT ON callcenter.customer_addresses
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_addresses_updated AFTER UPDATE ON callcenter.customer_addresses
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_addresses_deleted AFTER DELETE ON callcenter.customer_addresses
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_equipment_inserted AFTER INSERT ON callcenter.customer_equipment
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_equipment_updated AFTER UPDATE ON callcenter.customer_equipment
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_equipment_deleted AFTER DELETE ON callcenter.customer_equipment
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_notes_inserted AFTER INSERT ON callcenter.customer_notes
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_notes_updated AFTER UPDATE ON callcenter.customer_notes
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_notes_deleted AFTER DELETE ON callcenter.customer_notes
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_tags_inserted AFTER INSERT ON callcenter.customer_tags
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_tags_updated AFTER UPDATE ON callcenter.customer_tags
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER customer_tags_deleted AFTER DELETE ON callcenter.customer_tags
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();
CREATE TRIGGER companies_profile_updated AFTER UPDATE ON callcenter.companies
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.profiles_changed();

CREATE FUNCTION callcenter.company_clock_changed()
RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_company_clock_changed';
COMMENT ON FUNCTION callcenter.company_clock_changed() IS 'counts the rollups of a company anew when its time zone changes, and drops them and the counters with it';

CREATE TRIGGER companies_clock_changed AFTER UPDATE ON callcenter.companies
REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.company_clock_changed();
CREATE TRIGGER companies_gone AFTER DELETE ON callcenter.companies
REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION callcenter.company_clock_changed();

CREATE FUNCTION callcenter.records_truncated()
RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'MODULE_PATHNAME', 'cc_records_truncated';
COMMENT ON FUNCTION callcenter.records_truncated() IS 'computes the derived tables anew after a TRUNCATE';

CREATE TRIGGER calls_truncated AFTER TRUNCATE ON callcenter.calls
FOR EACH STATEMENT EXECUTE FUNCTION callcenter.records_truncated();
CREATE TRIGGER appointments_truncated AFTER TRUNCATE ON callcenter.appointments
FOR EACH STATEMENT EXECUTE FUNCTION callcenter.records_truncated();
CREATE TRIGGER customers_truncated AFTER TRUNCATE ON callcenter.customers
FOR EACH STATEMENT EXECUTE FUNCTION callcenter.records_truncated();
CREATE TRIGGER customer_phones_truncated AFTER TRUNCATE ON callcenter.customer_phones
FOR EACH STATEMENT EXECUTE FUNCTION callcenter.records_truncated();
CREATE TRIGGER customer_addresses_truncated AFTER TRUNCATE ON callcenter.customer_addresses
FOR EACH STATEMENT EXECUTE FUNCTION callcenter.records_truncated();
CREATE TRIGGER customer_equipment_truncated AFTER TRUNCATE ON callcenter.customer_equipment
FOR EACH STATEMENT EXECUTE FUNCTION callcenter.records_truncated();
CREATE TRIGGER customer_notes_truncated AFTER TRUNCATE ON callcenter.customer_notes
FOR EACH STATEMENT EXECUTE FUNCTION callcenter.records_truncated();
CREATE TRIGGER customer_tags_truncated AFTER TRUNCATE ON callcenter.customer_tags
FOR EACH STATEMENT EXECUTE FUNCTION callcenter.records_truncated();
CREATE TRIGGER follow_ups_truncated AFTER TRUNCATE ON callcenter.follow_ups
FOR EACH STATEMENT EXECUTE FUNCTION callcenter.records_truncated();
