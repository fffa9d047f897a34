"""One bank account for many households (一卡多户). A hospital that paid in advance is paid for many; a family may
have one card for the households of its children."""

from django.utils.translation import gettext_lazy as _

from audit.screens.screen import PLAIN, Screen, number

SCREEN = Screen(
    code="shared_account",
    title=_("One account, many households"),
    sentence=_("Claims of more than a few households are paid to one bank account."),
    stories={PLAIN: _("Claims of %(households)s households go to account %(account)s: %(times)s claims.")},
    parameters=(number("households", _("households that may share an account"), 3, 1, 50),),
    sql="""
SELECT 'account:' || payee_account || ':' || extract(year FROM %(last)s::date) AS key,
    (array_agg(id ORDER BY asked DESC, id))[1:200] AS claims,
    jsonb_build_object('account', '**** ' || right(payee_account, 4), 'households', count(DISTINCT household_id),
        'times', count(*)) AS figures,
    sum(asked) AS money, least(92, 60 + 6 * (count(DISTINCT household_id) - %(households)s)) AS score
FROM audit_screened
WHERE in_span AND is_live AND payee_account <> '' AND payee_kind <> 'provider'
GROUP BY payee_account HAVING count(DISTINCT household_id) > %(households)s
""",
)
