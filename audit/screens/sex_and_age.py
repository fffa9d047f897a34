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
), limited AS (
    SELECT d.id AS disease_id, d.name, f.* FROM fits f JOIN claims_disease d ON left(d.code, 3) BETWEEN f.first AND
        f.last
), asked AS (
    SELECT s.id, s.number, s.sex, s.asked, s.admitted_on, s.birth_date, l.name AS disease, l.first, l.sex AS wanted,
        l.least, l.most
    FROM limited l JOIN audit_screened s ON s.disease_id = l.disease_id WHERE s.in_span AND s.is_live
    UNION
    SELECT s.id, s.number, s.sex, s.asked, s.admitted_on, s.birth_date, d.name, f.first, f.sex, f.least, f.most
    FROM audit_screened s JOIN claims_disease d ON d.id = s.disease_id JOIN fits f ON f.first = 'O00'
    WHERE s.kind = 'delivery' AND s.in_span AND s.is_live
), aged AS (
    SELECT a.*, extract(year FROM age(a.admitted_on, a.birth_date))::integer AS age FROM asked a
)
SELECT 'claim:' || a.id AS key, ARRAY[a.id] AS claims,
    jsonb_build_object('story', t.story, 'one', a.number, 'disease', a.disease, 'age', a.age) AS figures,
    a.asked AS money, CASE t.story WHEN 'sex' THEN 96 ELSE 85 END AS score
FROM aged a
CROSS JOIN LATERAL (SELECT CASE
    WHEN a.wanted <> '' AND a.sex <> '' AND a.sex <> a.wanted THEN 'sex'
    WHEN a.first = 'P00' AND a.sex = 'F' AND a.age BETWEEN %(youngest)s AND %(oldest)s THEN NULL
    WHEN a.age NOT BETWEEN a.least AND a.most THEN 'age' END) t (story)
WHERE t.story IS NOT NULL
""",
)
