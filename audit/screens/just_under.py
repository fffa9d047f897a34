"""Just under a limit from which a claim takes another step (卡限额). One alone may be chance: the score rises where a
provider has many in this band and few in the one below it."""

from django.utils.translation import gettext_lazy as _

from audit.screens.screen import PLAIN, Screen, number

SCREEN = Screen(
    code="just_under",
    title=_("Just under a limit"),
    sentence=_("A claim is just under a limit from which others would have decided it too."),
    stories={
        PLAIN: _(
            "%(one)s comes to %(figure)s yuan, just under the limit of %(limit)s; so do %(times)s of this provider,"
            " %(below)s in the band below."
        )
    },
    parameters=(number("band", _("width of the band, percent of the limit"), 5, 1, 20),),
    sql="""
WITH near AS (
    SELECT s.id, s.number, s.provider_id, s.asked, l.id AS limit_id, l.amount, f.figure,
        f.figure > l.amount * (1 - %(band)s / 100.0) AS is_in
    FROM claims_limit l
    JOIN audit_screened s ON s.scheme_id = l.scheme_id AND l.kind IN ('', s.kind) AND l.region IN ('', s.region)
        AND l.period @> s.entered_on
    CROSS JOIN LATERAL (SELECT CASE l.basis WHEN 'total_cost' THEN s.total ELSE s.proposed END) f (figure)
    WHERE l.state = 'confirmed' AND s.in_span AND s.is_live AND l.amount > 0
        AND f.figure > l.amount * (1 - 2 * %(band)s / 100.0)
        AND (f.figure < l.amount OR f.figure = l.amount AND l.step <> 'verification')
), counted AS (
    SELECT n.*, count(*) FILTER (WHERE is_in) OVER one AS times, count(*) FILTER (WHERE NOT is_in) OVER one AS below
    FROM near n WINDOW one AS (PARTITION BY limit_id, provider_id)
)
SELECT 'claim:' || c.id || ':' || c.limit_id AS key, ARRAY[c.id] AS claims,
    jsonb_build_object('one', c.number, 'figure', c.figure::text, 'limit', c.amount::text, 'times', c.times,
        'below', c.below) AS figures,
    c.asked AS money, least(85, 25 + 8 * greatest(0, c.times - 1 - 2 * c.below)) AS score
FROM counted c WHERE c.is_in
""",
)
