"""Taken in and checked by one person, checked within a minute, taken in at night or on a holiday (非正常时间经办).

Rows of a register or of a hospital's list are typed when there is time and are left aside; a make-up day of work is a
day of work; a day that the working-day table does not know is none.
"""

from django.utils.translation import gettext_lazy as _

from audit.screens.screen import Screen, number

SCREEN = Screen(
    code="out_of_hours",
    title=_("Out of hours, or in no time"),
    sentence=_(
        "One person took a claim in and checked it, it was checked as soon as it came, or taken in at night or on a"
        " holiday."
    ),
    stories={
        "same": _("%(who)s took %(one)s in and checked it."),
        "minute": _("%(who)s checked %(times)s claims of %(on)s within %(seconds)s seconds of their coming."),
        "night": _("%(who)s took %(times)s claims in in the night of %(on)s."),
        "holiday": _("%(who)s took %(times)s claims in on %(on)s, when the office does not work."),
    },
    parameters=(
        number("seconds", _("checked within so many seconds"), 60, 5, 3_600),
        number("evening", _("night from, hour"), 22, 18, 23),
        number("morning", _("night until, hour"), 6, 0, 9),
    ),
    sql="""
WITH taken AS (
    SELECT s.id, s.entered_by_id AS who, s.asked, s.entered_on AS on_day,
        extract(hour FROM s.entered_at AT TIME ZONE 'Asia/Shanghai') AS hour
    FROM audit_screened s WHERE s.in_span AND s.document_id IS NULL
), signs AS (
    SELECT 'night' AS story, who, on_day, id, asked FROM taken WHERE hour >= %(evening)s OR hour < %(morning)s
    UNION ALL
    SELECT 'holiday', t.who, t.on_day, t.id, t.asked FROM taken t
    JOIN office_workingday w ON w.day = t.on_day AND NOT w.is_working
    UNION ALL
    SELECT 'minute', v.voter_id, (v.cast_at AT TIME ZONE 'Asia/Shanghai')::date, s.id, s.asked
    FROM audit_voted v JOIN audit_screened s ON s.id = v.claim_id
    WHERE s.in_span AND v.cast_at < v.opened_at + make_interval(secs => %(seconds)s)
), together AS (
    SELECT story, who, on_day, (array_agg(DISTINCT id))[1:200] AS claims, count(DISTINCT id) AS times,
        sum(asked) AS money
    FROM signs GROUP BY story, who, on_day
)
SELECT t.story || ':' || t.who || ':' || t.on_day AS key, t.claims,
    jsonb_build_object('story', t.story, 'who', p.full_name, 'on', t.on_day, 'times', t.times,
        'seconds', round(%(seconds)s)) AS figures,
    t.money, CASE t.story WHEN 'minute' THEN 30 WHEN 'night' THEN 22 ELSE 15 END + least(15, 2 * t.times) AS score,
    t.who AS clerk_id
FROM together t JOIN office_person p ON p.id = t.who
UNION ALL
SELECT 'same:' || s.id, ARRAY[s.id],
    jsonb_build_object('story', 'same', 'who', p.full_name, 'one', s.number), s.asked, 95, s.entered_by_id
FROM audit_screened s
JOIN audit_voted v ON v.claim_id = s.id AND v.voter_id = s.entered_by_id
JOIN office_person p ON p.id = s.entered_by_id WHERE s.in_span
""",
    names=("clerk_id",),
    reads_votes=True,
)
