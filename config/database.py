"""The database's own house rules: who may connect, and what the program that runs all day may do there.

Five roles (docs/production.md): the owner makes tables, the run-time role works in them and owns nothing, the
auditor and the backup read, the sealer signs the trail. The same code serves the embedded server, the tests and
`manage.py create_roles` on a server of the office's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, LiteralString

import psycopg
from psycopg import sql

NAME = "county_fund"
OWNER = "fund_owner"
RUN_TIME = "fund_app"
SEALER = "fund_sealer"
AUDITOR = "fund_auditor"
BACKUP = "fund_backup"
ROLES = (OWNER, RUN_TIME, SEALER, AUDITOR, BACKUP)

#: Tables whose rows the run-time role may take away: what helps the work, never what records it.
MAY_DELETE = frozenset({"django_session", "office_formuse"})

#: Tables that are only ever added to.
APPEND_ONLY = frozenset(
    {
        "audit_auditreportevent",
        "audit_bookedmoneyevent",
        "audit_citation",
        "audit_demand",
        "audit_engagementevent",
        "audit_engagementmember",
        "audit_evidence",
        "audit_evidencesheetevent",
        "audit_findinganswer",
        "audit_findingevent",
        "audit_findingsheet",
        "audit_rectificationcheck",
        "audit_rectificationevent",
        "audit_rectificationreminder",
        "audit_waiverevent",
        "audit_replacedlead",
        "audit_takenoff",
        "audit_workpaperevent",
        "audit_populationevent",
        "audit_populationrow",
        "audit_sampleevent",
        "audit_sampleitemevent",
        "audit_reporttext",
        "audit_complaintevent",
        "audit_complaintfile",
        "audit_complaintnote",
        "audit_leadclaim",
        "audit_leadevent",
        "audit_leadhold",
        "audit_leadnote",
        "audit_screening",
        "audit_screenresult",
        "audit_screensetting",
        "audit_trailcheck",
        "claims_admissionevent",
        "claims_agendaitem",
        "claims_agreementevent",
        "claims_appealevent",
        "claims_appealgrant",
        "claims_approval",
        "claims_askedpaper",
        "claims_bedcheck",
        "claims_benefitcounterevent",
        "claims_benefitplanevent",
        "claims_bulkdocumentevent",
        "claims_bulkrowevent",
        "claims_catalogueentry",
        "claims_catalogueevent",
        "claims_certificateapplicationevent",
        "claims_certificatereview",
        "claims_chroniccertificateevent",
        "claims_claimevent",
        "claims_claimline",
        "claims_claimpaper",
        "claims_claimpartevent",
        "claims_claimsroundevent",
        "claims_claimsseatevent",
        "claims_claimsvote",
        "claims_committeeruleevent",
        "claims_countermove",
        "claims_counteropening",
        "claims_decisionnoticeevent",
        "claims_diseaseevent",
        "claims_doorrequest",
        "claims_doortokenevent",
        "claims_expertpanelevent",
        "claims_flagevent",
        "claims_injuryconclusionevent",
        "claims_injuryinquiry",
        "claims_injuryvisit",
        "claims_inviteeevent",
        "claims_lateallowance",
        "claims_limitevent",
        "claims_listeddiseaseevent",
        "claims_meetingevent",
        "claims_minutes",
        "claims_monthmove",
        "claims_objectionevent",
        "claims_outsidestayevent",
        "claims_panelfindingevent",
        "claims_provideraccountevent",
        "claims_providerevent",
        "claims_publicityentry",
        "claims_publicitylistevent",
        "claims_referralevent",
        "claims_restoredcut",
        "claims_reversal",
        "claims_samplecheck",
        "claims_sampledrowevent",
        "claims_settledpart",
        "claims_settlement",
        "claims_statisticssheet",
        "claims_timelimitevent",
        "claims_usedinvoice",
        "claims_verificationevent",
        "enrollment_accountentry",
        "enrollment_assistanceline",
        "enrollment_assistancelist",
        "enrollment_bulletin",
        "enrollment_campaigndeadlineevent",
        "enrollment_collectioncostevent",
        "enrollment_collectionsheetevent",
        "enrollment_contributionevent",
        "enrollment_contributionrateevent",
        "enrollment_coverageevent",
        "enrollment_divisionevent",
        "enrollment_enrollmentroundevent",
        "enrollment_enrollmentseatevent",
        "enrollment_enrollmentvote",
        "enrollment_fundyearevent",
        "enrollment_goliveprotocolevent",
        "enrollment_householdevent",
        "enrollment_householdexceptionevent",
        "enrollment_memberevent",
        "enrollment_membermergeevent",
        "enrollment_payeeaccountevent",
        "enrollment_populationevent",
        "enrollment_receiptbookevent",
        "enrollment_receiptevent",
        "enrollment_refundevent",
        "enrollment_refundpayment",
        "enrollment_reminderevent",
        "enrollment_rosterimport",
        "enrollment_schemeevent",
        "enrollment_sheetentry",
        "enrollment_subsidyclaim",
        "enrollment_subsidyrateevent",
        "enrollment_targetevent",
        "enrollment_wagerateevent",
        "funds_accountevent",
        "funds_answerline",
        "funds_assessmentevent",
        "funds_bankaccountevent",
        "funds_bookevent",
        "funds_cashcountevent",
        "funds_budgetevent",
        "funds_budgetlineevent",
        "funds_bankanswer",
        "funds_bankfile",
        "funds_cashmove",
        "funds_cashpayout",
        "funds_entry",
        "funds_finalaccountevent",
        "funds_flow",
        "funds_fundrequestevent",
        "funds_fundrequestline",
        "funds_fundsroundevent",
        "funds_fundsseatevent",
        "funds_fundsvote",
        "funds_matchevent",
        "funds_orderline",
        "funds_orderpart",
        "funds_paperanswerevent",
        "funds_payeeconfirmationevent",
        "funds_paying",
        "funds_paymentbatchevent",
        "funds_paymentevent",
        "funds_paymentorderevent",
        "funds_periodevent",
        "funds_periodrequest",
        "funds_posting",
        "funds_reconciliationevent",
        "funds_statementevent",
        "funds_statementline",
        "funds_sliplineevent",
        "funds_slipevent",
        "funds_subsidyletter",
        "funds_premiumevent",
        "funds_prepaymentevent",
        "funds_providerpart",
        "funds_providerpaymentevent",
        "funds_recoveryevent",
        "funds_retentiontermevent",
        "funds_riskmoveevent",
        "funds_secondappealevent",
        "funds_secondlineevent",
        "funds_secondnoticeevent",
        "funds_secondrunevent",
        "funds_warninglevelevent",
        "funds_voucherevent",
        "office_act",
        "office_appointmentevent",
        "office_attachment",
        "office_bodyevent",
        "office_delegationevent",
        "office_dutyrequestevent",
        "office_factorevent",
        "office_officeroundevent",
        "office_officeseatevent",
        "office_officevote",
        "office_onetimecodeevent",
        "office_personevent",
        "office_printerevent",
        "office_printeroffsetevent",
        "office_resetrequestevent",
        "office_signintry",
        "office_workingdayevent",
    }
)

#: Tables that a function of the owner moves when something is entered elsewhere; the run-time role reads them.
BY_FUNCTION = frozenset(
    {"claims_monthmove", "claims_monthsum", "enrollment_yearmove", "enrollment_yearsum", "funds_balance"}
)

#: Tables that only the sealer writes; the run-time role reads them (docs/rules/seals.md).
BY_SEALER: Final[dict[str, LiteralString]] = {
    "audit_seal": "SELECT, INSERT",
    "audit_sealbatch": "SELECT, INSERT",
    "audit_sealform": "SELECT, INSERT",
    "audit_sealkey": "SELECT, INSERT",
    "audit_sealprogress": "SELECT, INSERT, UPDATE",
}

#: Tables whose rows are sealed: all that are only ever added to, by whomever.
SEALED = APPEND_ONLY

#: Tables of the framework that only the owner writes (by migrations).
OWNERS_OWN = frozenset(
    {
        "django_migrations",
        "django_content_type",
        "auth_permission",
        "auth_group",
        "auth_group_permissions",
        "office_dutyexclusion",
        "office_statemove",
    }
)

#: Columns that hold a secret, or the trace of one: the auditor's role reads the others of these tables.
SECRET_COLUMNS = {
    "claims_doortoken": frozenset({"sha256"}),
    "office_factor": frozenset({"secret"}),
    "office_onetimecode": frozenset({"hash"}),
    "office_person": frozenset({"password"}),
    "office_resetrequest": frozenset({"first_hash"}),
    "office_signin": frozenset({"session_key"}),
}

#: Tables that the auditor's role does not read at all: sessions, guards of forms, the demo's passwords.
SECRET_TABLES = frozenset({"demo_demosignin", "django_session", "office_formuse"})

SESSION_SETTINGS = {
    RUN_TIME: {
        "lock_timeout": "15s",
        "idle_in_transaction_session_timeout": "5min",
        "statement_timeout": "10min",
    },
    AUDITOR: {"default_transaction_read_only": "on", "statement_timeout": "30min"},
    BACKUP: {"default_transaction_read_only": "on"},
    SEALER: {"lock_timeout": "15s", "idle_in_transaction_session_timeout": "5min", "statement_timeout": "10min"},
}


def create_roles(connection: psycopg.Connection[Any], passwords: Mapping[str, str]) -> None:
    """Create the five roles, or give the existing ones these passwords. Needs a superuser; repeatable."""
    existing = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
    for role in ROLES:
        verb = sql.SQL("ALTER" if role in existing else "CREATE")
        connection.execute(
            sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}").format(
                verb, sql.Identifier(role), sql.Literal(passwords[role])
            )
        )
        for setting, value in SESSION_SETTINGS.get(role, {}).items():
            connection.execute(
                sql.SQL("ALTER ROLE {} SET {} = {}").format(
                    sql.Identifier(role), sql.Identifier(setting), sql.Literal(value)
                )
            )
    connection.execute(sql.SQL("GRANT pg_read_all_data TO {}").format(sql.Identifier(BACKUP)))


def create_database(connection: psycopg.Connection[Any], name: str = NAME) -> bool:
    """Create the empty database, closed to everybody but the five roles. True if it was not there yet."""
    if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        return False
    database = sql.Identifier(name)
    connection.execute(
        sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'").format(
            database, sql.Identifier(OWNER)
        )
    )
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database))
    connection.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, sql.SQL(", ").join(map(sql.Identifier, ROLES)))
    )
    return True


def grant_rights(connection: psycopg.Connection[Any]) -> None:
    """After every migration, as the owner: give each role exactly what it may do on each table."""
    connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")
    connection.execute(  # a roster is laid out in tables that go with their transaction
        sql.SQL("GRANT TEMPORARY ON DATABASE {} TO {}").format(
            sql.Identifier(connection.info.dbname), sql.Identifier(RUN_TIME)
        )
    )
    everyone = sql.SQL(", ").join(map(sql.Identifier, ROLES))
    connection.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(everyone))
    grant_to_auditor(connection)
    connection.execute(sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(sql.Identifier(RUN_TIME)))
    tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    for (table,) in tables:
        connection.execute(
            sql.SQL("REVOKE ALL ON {table} FROM {role}; GRANT {rights} ON {table} TO {role}").format(
                table=sql.Identifier(table),
                role=sql.Identifier(RUN_TIME),
                rights=sql.SQL(run_time_rights(table)),
            )
        )
        connection.execute(
            sql.SQL("REVOKE ALL ON {table} FROM {role}").format(
                table=sql.Identifier(table), role=sql.Identifier(SEALER)
            )
        )
        if rights := sealer_rights(table):
            connection.execute(
                sql.SQL("GRANT {rights} ON {table} TO {role}").format(
                    table=sql.Identifier(table), role=sql.Identifier(SEALER), rights=sql.SQL(rights)
                )
            )


def grant_to_auditor(connection: psycopg.Connection[Any]) -> None:
    """The auditor reads every table and view but for secrets (docs/audit-access.md), and writes nothing."""
    auditor = sql.Identifier(AUDITOR)
    connection.execute(sql.SQL("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}").format(auditor))
    columns = connection.execute(
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND table_name = ANY (%s) ORDER BY ordinal_position",
        [[*SECRET_COLUMNS, *SECRET_TABLES]],
    ).fetchall()
    for table in dict.fromkeys(table for table, _column in columns):
        read = [name for of, name in columns if of == table and name not in SECRET_COLUMNS.get(table, frozenset())]
        connection.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(sql.Identifier(table), auditor))
        if table not in SECRET_TABLES:
            connection.execute(
                sql.SQL("GRANT SELECT ({}) ON {} TO {}").format(
                    sql.SQL(", ").join(map(sql.Identifier, read)), sql.Identifier(table), auditor
                )
            )


def run_time_rights(table: str) -> str:
    """What the run-time role may do on a table. TRUNCATE it never may."""
    if table in OWNERS_OWN | BY_FUNCTION | BY_SEALER.keys():
        return "SELECT"
    if table in APPEND_ONLY:
        return "SELECT, INSERT"
    if table in MAY_DELETE:
        return "SELECT, INSERT, UPDATE, DELETE"
    return "SELECT, INSERT, UPDATE"


def sealer_rights(table: str) -> LiteralString:
    """What the sealer may do on a table: read what it seals, add seals, and nothing else."""
    return BY_SEALER.get(table) or ("SELECT" if table in SEALED else "")
