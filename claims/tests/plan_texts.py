"""Plans for tests: a sound one to start from, and how to change a piece of it."""

from copy import deepcopy

from claims.rules import documents

SOUND = documents.read_yaml("""
format: 1
code: sound-2010
scheme: ncms
name: {zh-hans: 测试方案, en: Test plan}
document: 测政发〔2009〕1号
in_force: {from: 2010-01-01, through: 2010-12-31}
decided_by: discharged
rounding: fen
layers:
  - code: inpatient
    fund: ncms
    when: {kind: inpatient}
    cover: [{when: {class: C}, share: 0}, {share: 1}]
    deductible: {per: stay, rows: [{when: {tier: 1}, amount: 60}, {amount: 160}]}
    bands_on: gross
    pay: [{when: {tier: 1}, ratio: 0.85}, {bands: [{upto: 1000, ratio: 0.5}, {ratio: 0.6}]}]
    adjust: [{when: {referred: false}, points: -10}]
    ceilings: [{counter: year, amount: 20000}]
  - code: critical_illness
    fund: cii
    of: burden
    over: year
    deductible: {per: year, rows: [{amount: 10000}]}
    pay: [{ratio: 0.5}]
""")
REMOVED = object()


def changed(*steps, to=REMOVED):
    """The sound plan with the value at a path replaced, added or removed."""
    tree = deepcopy(SOUND)
    place = tree
    for step in steps[:-1]:
        place = place[step]
    if to is REMOVED:
        del place[steps[-1]]
    elif isinstance(place, list) and steps[-1] == len(place):
        place.append(to)
    else:
        place[steps[-1]] = to
    return tree


def claim(**more):
    """A stay that the sound plan can value."""
    stay = {
        "id": "c1",
        "kind": "inpatient",
        "tier": 2,
        "referred": True,
        "admitted": "2010-03-01",
        "discharged": "2010-03-09",
    }
    if not {"items", "total"} & set(more):
        stay["items"] = [{"class": "A", "amount": "1000"}]
    return stay | more


def case(*claims, plan=None, **more):
    """A case of these claims."""
    return {"plan": plan or SOUND, "person": {}, "claims": list(claims) or [claim()]} | more
