# What the extension is made of. The root Makefile includes this; the order of SQL_PARTS is the order of the install script,
# that of UPDATE_PARTS the order of the update script.

OBJS = \
	extension/callcenter.o \
	extension/settings.o \
	extension/errors.o \
	extension/shared.o \
	extension/worker.o \
	extension/plans.o \
	extension/object_id.o \
	extension/text_has.o \
	extension/json_text.o \
	extension/local_time.o \
	extension/token_parse.o \
	extension/keyring.o \
	extension/token.o \
	extension/password.o \
	extension/identity.o \
	extension/api.o \
	extension/codes.o \
	extension/document.o \
	extension/document_write.o \
	extension/columns.o \
	extension/companies.o \
	extension/departure.o \
	extension/people.o \
	extension/grants.o \
	extension/attempts.o \
	extension/sessions.o \
	extension/phone.o \
	extension/phone_text.o \
	extension/phone_caller.o \
	extension/phone_sql.o \
	extension/audit.o \
	extension/platform_log.o \
	extension/refused.o \
	extension/list.o \
	extension/cards.o \
	extension/periods.o \
	extension/csv.o \
	extension/analytics_figures.o \
	extension/analytics.o \
	extension/analytics_series.o \
	extension/counters.o \
	extension/counter_changes.o \
	extension/stats_trigger.o \
	extension/transcript.o \
	extension/call_fields.o \
	extension/calls.o \
	extension/open_calls.o \
	extension/call_changes.o \
	extension/call_list.o \
	extension/call_export.o \
	extension/customer_fields.o \
	extension/customers.o \
	extension/customer_changes.o \
	extension/customer_list.o \
	extension/appointments.o \
	extension/follow_up_rules.o \
	extension/followups.o \
	extension/follow_up_list.o \
	extension/reveal.o \
	extension/summary.o \
	extension/facts.o \
	extension/facts_sql.o \
	extension/sent_form.o \
	extension/summary_agg.o \
	extension/summary_type.o \
	extension/local_clock.o \
	extension/rollups.o \
	extension/rollup_read.o \
	extension/lookup.o

SQL_PARTS = \
	sql/parts/00_guard.sql \
	sql/parts/05_roles.sql \
	sql/parts/10_schema.sql \
	sql/parts/12_vocabularies.sql \
	sql/parts/20_phone.sql \
	sql/parts/30_identity.sql \
	sql/parts/40_companies.sql \
	sql/parts/45_sessions.sql \
	sql/parts/50_customers.sql \
	sql/parts/55_profiles.sql \
	sql/parts/58_facts.sql \
	sql/parts/60_calls.sql \
	sql/parts/61_open_calls.sql \
	sql/parts/62_follow_ups.sql \
	sql/parts/65_audit.sql \
	sql/parts/70_stats.sql \
	sql/parts/75_summary.sql \
	sql/parts/78_triggers.sql \
	sql/parts/80_api.sql \
	sql/parts/82_people.sql \
	sql/parts/85_views.sql \
	sql/parts/90_grants.sql \
	sql/parts/95_statistics.sql

# The update from the last released version to the one that is being made.  A part that is new since then stands here as it
# is.  Of one whose tables that version has, build/again has what an update can repeat (sql/upgrade/again.awk): functions,
# triggers, comments, privileges.  What is left is written by hand in sql/upgrade/VERSION.
UPDATE_FROM = 0.1.0
UPDATE_PARTS = \
	sql/upgrade/0.1.0/guard.sql \
	build/again/05_roles.sql \
	build/again/10_schema.sql \
	sql/parts/12_vocabularies.sql \
	build/again/20_phone.sql \
	build/again/30_identity.sql \
	sql/parts/58_facts.sql \
	sql/upgrade/0.1.0/changes.sql \
	build/again/40_companies.sql \
	sql/parts/45_sessions.sql \
	build/again/50_customers.sql \
	sql/parts/55_profiles.sql \
	build/again/60_calls.sql \
	sql/parts/61_open_calls.sql \
	sql/parts/62_follow_ups.sql \
	sql/parts/65_audit.sql \
	sql/parts/70_stats.sql \
	sql/parts/75_summary.sql \
	build/again/78_triggers.sql \
	build/again/80_api.sql \
	sql/parts/82_people.sql \
	sql/parts/85_views.sql \
	build/again/90_grants.sql \
	sql/upgrade/0.1.0/rebuild.sql \
	sql/parts/95_statistics.sql

# The server's own headers are not clean under -Wextra; functions that SQL calls and hooks have parameters that they do
# not use, and the tables of fields leave members out on purpose.
PG_CFLAGS += -Wextra -Wno-unused-parameter -Wno-missing-field-initializers
PG_CPPFLAGS += -isystem $(shell $(PG_CONFIG) --includedir-server)
