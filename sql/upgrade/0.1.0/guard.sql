\echo Use "ALTER EXTENSION callcenter UPDATE" to load this file. \quit

-- From 0.1.0: profiles, appointments in full, the audit log, derived tables, and the API over them.
--
-- Joined by make from sql/upgrade/0.1.0 and sql/parts, in the order that extension/extension.mk gives: one script,
-- however long, because an update is one.

-- Nothing below may be resolved through the installer's search_path.
SET LOCAL search_path = pg_catalog, pg_temp;
