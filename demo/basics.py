"""The example office's providers, catalogues, diseases and lists. All names are made up or marked 演示; no agreement of
this county with anybody was ever published.

The twenty serious diseases are those that the cooperative schemes took up in 2010 and 2011 (eight) and in 2012
(twelve), as lists published in 2013 name them. The price of oesophageal cancer, 25,000 yuan, is one of Anhui; all
other prices are invented, and say so.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile

from claims.models import Disease, ListedDisease, Provider
from claims.services import agreements, catalogues, diseases, imports, providers
from claims.services.catalogues import Edition
from enrollment.models import Division, Scheme
from office import attachments
from office.models import Attachment, Body, Person
from office.rules import days

FILES: Final = Path(__file__).parent / "lists"
BEGIN, SECOND = date(2009, 1, 1), date(2012, 1, 1)
LISTS_BEGIN: Final = date(2010, 1, 1)
SCHEMES: Final = ("ncms", "residents", "employees")


class Hospital(NamedTuple):
    """A provider of the demo, with its own desk if it has one and the schemes that have an agreement with it."""

    code: str
    name: str
    level: str
    tier: int
    phone: str
    schemes: tuple[str, ...] = ()
    body: str = ""


#: What a stay of the rural scheme may cost on average by the agreements, by level, in yuan.
AVERAGES: Final = {"township": Decimal(900), "county": Decimal(2600)}

INSIDE: Final = (
    Hospital("640522001", "海原县人民医院（演示）", "county", 2, "0955-4010001", SCHEMES, "640522-hospital"),
    Hospital("640522002", "海原县中医医院（演示）", "county", 2, "0955-4010002", SCHEMES),
    Hospital("640522003", "海原县妇幼保健院（演示）", "county", 1, "0955-4010003", SCHEMES),
    Hospital("640522004", "海城康宁医院（演示）", "county", 1, "0955-4010004", ("ncms",)),
    Hospital("640522005", "海城仁和诊所（演示）", "village", 1, "0955-4010005"),
    Hospital("640522006", "海原惠民门诊部（演示）", "township", 1, "0955-4010006"),
)
OUTSIDE: Final = (
    Hospital("640500001", "中卫市示范医院（演示）", "city", 3, "0955-7010001", SCHEMES),
    Hospital("640400001", "固原市示范医院（演示）", "city", 2, "0954-2010001", ("ncms",)),
    Hospital("640100001", "宁夏示范医科大学总医院（演示）", "province", 3, "0951-6010001", SCHEMES),
    Hospital("620100001", "兰州示范医院（演示）", "province", 3, "0931-8010001"),
    Hospital("610100001", "西安示范医院（演示）", "province", 3, "029-85010001"),
)
CLINIC: Final = ("640522-clinic", "海城镇武塬村卫生室（演示）")

EIGHT: Final = {
    "先天性心脏病": ("Q21.0", "Q21.1", "Q25.0", "Q22.1"),
    "儿童急性白血病": ("C91.0", "C92.0"),
    "终末期肾病": ("N18.0",),
    "乳腺癌": ("C50.9",),
    "宫颈癌": ("C53.9",),
    "重性精神疾病": ("F20.9", "F31.9"),
    "耐多药肺结核": ("A15.001",),
    "艾滋病机会性感染": ("B20.9",),
}
TWELVE: Final = {
    "血友病": ("D66",),
    "慢性粒细胞白血病": ("C92.1",),
    "唇腭裂": ("Q35.9", "Q36.9", "Q37.9"),
    "肺癌": ("C34.9",),
    "食管癌": ("C15.9",),
    "胃癌": ("C16.9",),
    "结肠癌": ("C18.9",),
    "直肠癌": ("C20",),
    "急性心肌梗死": ("I21.9",),
    "脑梗死": ("I63.9",),
    "1型糖尿病": ("E10.9",),
    "甲状腺功能亢进": ("E05.9",),
}
SERIOUS_PAPER: Final = "农村居民重大疾病保障病种目录（2013年公布，20种）（演示文号）"
OESOPHAGUS: Final = ("食管癌", Decimal(25000))  # 安徽
CASES: Final = {
    "K35.9": ("急性阑尾炎", 2800),
    "K80.2": ("胆囊结石", 4500),
    "K40.9": ("腹股沟疝", 2200),
    "H25.9": ("老年性白内障", 2000),
    "O82.9": ("剖宫产", 2600),
}
CHRONIC: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "ncms": {
        "慢性病": ("I10", "E11.9", "I25.1", "J44.9", "M06.9", "K74.6", "G40.9"),
    },
    "residents": {
        "serious_class_1": ("C34.9", "C50.9", "C16.9"),
        "serious_class_2": ("N18.0",),
        "serious_class_3": ("I10", "E11.9", "F20.9"),
    },
}


def bring_in(people: dict[str, Person], at: datetime) -> None:
    """The accounting head keeps what plans look up; a file that he sent with faulty rows waits to be looked at."""
    by = people["accounting"]
    _providers(by, at)
    for scheme in SCHEMES:
        for kind in ("drugs", "services"):
            _edition(Scheme.objects.get(code=scheme), kind, by, at)
    diseases.import_diseases(file=kept("diseases.csv", by, at), by=by, at=at)
    _serious(by, at)
    _others(by, at)
    _faulty_file(by, at)


def _providers(by: Person, at: datetime) -> None:
    today = days.business_day(at)
    inside = [_hospital(one, "county", by, at) for one in INSIDE]
    for one in OUTSIDE:
        _hospital(one, "outside", by, at)
    for township in Division.objects.filter(level=Division.Level.TOWNSHIP).order_by("code"):
        phone = f"0955-40{township.code[5:9]}0"
        centre = Hospital(township.code[:9], f"{township}卫生院（演示）", "township", 1, phone, ("ncms", "residents"))
        _hospital(centre, "county", by, at, division=township)
    village = Division.objects.get(level=Division.Level.VILLAGE, parent__name="海城镇", name__startswith="武塬")
    clinic = Hospital(village.code, CLINIC[1], "village", 1, "0955-4010099", ("ncms",), CLINIC[0])
    _hospital(clinic, "county", by, at, division=village)
    ended, later, closed = inside[3:]
    agreements.end_agreement(
        agreement=ended.agreements.get(),
        last=today - timedelta(days=40),
        because="冒名住院、虚开药品，按协议第九条解除（演示）",
        by=by,
        at=at,
    )
    agreements.sign_agreement(
        provider=later,
        scheme=Scheme.objects.get(code="ncms"),
        number=f"海合管协〔{today.year}〕31号（演示）",
        first=date(today.year + 1, 1, 1),
        last=date(today.year + 1, 12, 31),
        by=by,
        at=at,
    )
    providers.close_provider(provider=closed, on=today - timedelta(days=200), by=by, at=at)


def _hospital(one: Hospital, region: str, by: Person, at: datetime, division: Division | None = None) -> Provider:
    body = Body.objects.get(code=one.body) if one.body else None
    said = one._asdict() | {"region": region, "body": body, "division": division}
    made = providers.add_provider(said=said, by=by, at=at)
    for scheme in Scheme.objects.filter(code__in=one.schemes).order_by("pk"):
        number = f"海合管协〔2009〕{scheme.pk}-{made.pk}号（演示）"
        average = AVERAGES.get(one.level) if scheme.code == "ncms" else None
        agreements.sign_agreement(
            provider=made,
            scheme=scheme,
            number=number,
            first=BEGIN,
            average=average,
            is_instant=body is not None,
            by=by,
            at=at,
        )
    return made


def _edition(scheme: Scheme, kind: str, by: Person, at: datetime) -> None:
    edition = Edition(scheme, kind, BEGIN, f"{scheme}{'药品' if kind == 'drugs' else '诊疗项目'}目录（演示，从未印发）")
    catalogues.take_in_edition(edition=edition, file=kept(f"{kind}.csv", by, at), by=by, at=at)


def kept(name: str, by: Person, at: datetime) -> Attachment:
    """A file of the demo's lists, kept."""
    content = (FILES / name).read_bytes()
    return attachments.keep_made(subject=by, name=name, content=content, media_type="text/csv", by=by, at=at)


def _serious(by: Person, at: datetime) -> None:
    for groups, first in ((EIGHT, LISTS_BEGIN), (TWELVE, SECOND)):
        for group, codes in groups.items():
            price = OESOPHAGUS[1] if group == OESOPHAGUS[0] else None
            for code in codes:
                _list("ncms", "serious", code, group, SERIOUS_PAPER, first=first, price=price, by=by, at=at)


def _others(by: Person, at: datetime) -> None:
    for code, (group, price) in CASES.items():
        paper = "海原县单病种付费目录（演示，价格为假设）"
        _list("ncms", "case_paid", code, group, paper, first=LISTS_BEGIN, price=Decimal(price), by=by, at=at)
    for scheme, groups in CHRONIC.items():
        for group, codes in groups.items():
            for code in codes:
                paper = "海原县门诊慢性病病种目录（演示，病种为假设）"
                _list(scheme, "chronic", code, group, paper, first=LISTS_BEGIN, by=by, at=at)


def _list(scheme: str, kind: str, code: str, group: str, document: str, **more: Any) -> ListedDisease:
    of: dict[str, Any] = {"scheme": Scheme.objects.get(code=scheme), "disease": Disease.objects.get(code=code)}
    return diseases.list_disease(kind=kind, group=group, document=document, **of, **more)


def _faulty_file(by: Person, at: datetime) -> None:
    """An edition as somebody typed it in a hurry: a class nobody knows, a code twice, a price in words."""
    lines = [
        "编码,名称,类别,费用类别,单位,限价,限制",
        "YS0001,阿莫西林胶囊（演示）,甲,西药,盒,6.50,",
        "YS0001,阿莫西林颗粒（演示）,甲,西药,盒,7.10,",
        "YS0039,维生素C片（演示）,丁,西药,瓶,1.80,",
        "YS0040,葡萄糖注射液（演示）,甲,西药,瓶,三元,",
        "YS0041,拔牙（演示）,甲,治疗,次,20.00,",
        "YS0042,,甲,西药,盒,3.30,",
    ]
    upload = SimpleUploadedFile("新版药品目录（演示）.csv", "\r\n".join([*lines, ""]).encode("gb18030"))
    first = date(days.business_day(at).year + 1, 1, 1)
    edition = Edition(Scheme.objects.get(code="ncms"), "drugs", first, "新版药品目录（演示，从未印发）")
    imports.ask_for_catalogue(edition=edition, upload=upload, by=by, at=at)
