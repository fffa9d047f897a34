"""A disease or delivery that this sex or age does not have (性别、年龄与病种不符), by the chapters of ICD-10.

A newborn may be claimed for under its mother: illnesses of the newborn are none for a woman who can have borne it.
"""

from django.utils.translation import gettext_lazy as _

from audit.screens.screen import Screen, number

SCREEN = Screen(
    code="sex_and_age",
    title=_("Sex or age against disease"),
    sentence=_("The disease or delivery does not fit the patient's sex or age."),
    stories={
        "sex": _("%(one)s: %(disease)s, but the patient's sex does not fit."),
        "age": _("%(one)s: %(disease)s at the age of %(age)s."),
    },
    parameters=(
        number("youngest", _("age at a delivery from"), 12, 8, 20),
        number("oldest", _("age at a delivery until"), 55, 40, 70),
    ),
    sql="""
WITH fits (first, last, sex, least, most) AS (VALUES
    ('C51', 'C58', 'F', 0, 130), ('C60', 'C63', 'M', 0, 130), ('N40', 'N51', 'M', 0, 130), ('N70', 'N77', 'F', 0, 130),
    ('N80', 'N98', 'F', 8, 130), ('O00', 'O99', 'F', %(youngest)s, %(oldest)s), ('P00', 'P96', '', 0, 1)
), asked AS (
    SELECT s.id, s.number, s.sex, s.asked, extract(year FROM age(s.admitted_on, s.birth_date))::integer AS age,
        d.name AS disease, CASE WHEN s.kind = 'delivery' THEN 'O80' ELSE left(d.code, 3) END AS code
    FROM audit_screened s JOIN claims_disease d ON d.id = s.disease_id WHERE s.in_span AND s.is_live
)
SELECT 'claim:' || a.id AS key, ARRAY[a.id] AS claims,
    jsonb_build_object('story', t.story, 'one', a.number, 'disease', a.disease, 'age', a.age) AS figures,
    a.asked AS money, CASE t.story WHEN 'sex' THEN 96 ELSE 85 END AS score
FROM asked a
JOIN fits f ON a.code BETWEEN f.first AND f.last
CROSS JOIN LATERAL (SELECT CASE
    WHEN f.sex <> '' AND a.sex <> '' AND a.sex <> f.sex THEN 'sex'
    WHEN f.first = 'P00' AND a.sex = 'F' AND a.age BETWEEN %(youngest)s AND %(oldest)s THEN NULL
    WHEN a.age NOT BETWEEN f.least AND f.most THEN 'age' END) t (story)
WHERE t.story IS NOT NULL
""",
)
