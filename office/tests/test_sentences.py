"""Words that are written now and read later, each reader in his own language."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils.translation import gettext_lazy, override

from conftest import NOON
from office import sentences
from office.models import Job
from office.sentences import Figure, Sentence, said


def in_both(figure: Figure) -> tuple[str, str]:
    with override("en"):
        english = sentences.shown(figure)
    with override("zh-hans"):
        return english, sentences.shown(figure)


class TestRead:
    @pytest.mark.parametrize(
        ("figure", "english", "chinese"),
        [
            (said("Rows"), "Rows", "数据行"),
            (said("Holiday notice %(year)s", year="2010"), "Holiday notice 2010", "2010 年放假通知"),
            (said(gettext_lazy("Jobs")), "Jobs", "后台任务"),
            (said("Export: %(list)s", list=gettext_lazy("Jobs")), "Export: Jobs", "导出：后台任务"),
            (said("Export: %(list)s", list=said("Jobs")), "Export: Jobs", "导出：后台任务"),
            (
                said("Export: %(list)s", list=[gettext_lazy("Jobs"), gettext_lazy("People")]),
                "Export: Jobs, People",
                "导出：后台任务、人员",
            ),
            (
                said("This day does not lie in {year}.", year=2010),
                "This day does not lie in 2010.",
                "该日不在 2010 年内。",
            ),
            (said("第 3 行没有姓名，占 100%。"), "第 3 行没有姓名，占 100%。", "第 3 行没有姓名，占 100%。"),
            (Sentence(""), "", ""),
            (7, "7", "7"),
            ("1,234.00", "1,234.00", "1,234.00"),
        ],
    )
    def test_in_the_readers_language_also_after_it_was_kept(self, figure, english, chinese):
        assert in_both(figure) == (english, chinese)
        assert in_both(sentences.read(sentences.kept(figure))) == (english, chinese)

    def test_what_is_no_plain_figure_is_kept_as_its_text(self):
        assert sentences.kept(said("x", day=date(2010, 3, 1)))["with"] == {"day": "2010-03-01"}

    def test_of_a_refusal_that_was_said_as_a_text(self):
        assert sentences.of(ValueError("so")) == Sentence("so")
        assert sentences.of(ValueError(said("Rows"))) == said("Rows")
        assert sentences.of(ValueError()) == Sentence("")


@pytest.fixture
def job(ada):
    def make(**fields: object) -> Job:
        made = Job.objects.create(
            **{"name": "x", "title": "x", "asked_by": ada, "asked_at": NOON, "sent_at": NOON} | fields
        )
        return Job.objects.get(pk=made.pk)

    return make


@pytest.mark.django_db
class TestRow:
    def test_a_sentence_comes_back_as_it_was_written(self, job):
        title = said("Export: %(list)s", list=gettext_lazy("Jobs"))
        assert job(title=title).title == title

    def test_a_text_is_said_as_it_stands(self, job):
        assert (job(title="名单").title, job().note) == (Sentence("名单"), "")

    @pytest.mark.parametrize(("language", "word"), [("en", "exp"), ("zh-hans", "导出"), ("en", "甲乡")])
    def test_a_search_finds_what_the_reader_reads_and_the_figures(self, job, language, word):
        found = job(title=said("Export: %(list)s", list="甲乡_100%"))
        job(title=said("Holiday notice %(year)s", year="list"))
        with override(language):
            assert list(Job.objects.filter(sentences.saying("title", word, Job.objects.all()))) == [found]


OFFICE = import_module("office.migrations.0020_say_jobs_again")
REGISTER = import_module("enrollment.migrations.0007_say_jobs_again")


@pytest.mark.django_db
class TestOldRows:
    """What jobs said in one language is said again as the sentence that it was."""

    @pytest.mark.parametrize(
        ("migration", "chinese", "english"),
        [
            (OFFICE, "2010 年放假通知", "Holiday notice 2010"),
            (OFFICE, "导出：被拒操作", "Export: Refused tries"),
            (OFFICE, "任务因意外错误中止，未保存任何结果。请将任务号 7 告知管理员。", "An error that nobody foresaw"),
            (
                REGISTER,
                "名册 甲乡（2）.xlsx（新型农村合作医疗 2010）：核对",
                "Roster 甲乡（2）.xlsx for 新型农村合作医疗 2010: check",
            ),
            (REGISTER, "初始化：写入账户余额 2010-03-01", "Go-live: write account balances 2010-03-01"),
            (REGISTER, "身份证校验位错误 (错误)", "wrong check digit of the ID number (error)"),
            (REGISTER, "已参保", "covered already"),
            (REGISTER, "提示", "Warnings"),
        ],
    )
    def test_each_text_is_the_sentence_that_it_was_made_of(self, migration, chinese, english):
        assert in_both(sentences.read(migration.again(chinese)))[0].startswith(english)

    @pytest.mark.parametrize("migration", [OFFICE, REGISTER])
    def test_every_sentence_is_known_by_both_its_languages(self, migration):
        for sentence, chinese in migration.SENTENCES.items():
            assert migration.again(chinese)["say"] == migration.again(sentence)["say"] == sentence
        for word, chinese in migration.WORDS.items():
            assert migration.KNOWN[chinese] == word

    @pytest.mark.parametrize("migration", [OFFICE, REGISTER])
    def test_what_nobody_knows_stays(self, migration):
        assert migration.again("年度对账准备") == {"say": "年度对账准备", "with": {}}

    def test_rows_are_said_again(self, job):
        made = {
            "office.tasks.bring_in_notice": {
                "title": "2010 年放假通知",
                "outcome": [["读取行数", 7], ["未知", "数据行"]],
            },
            "enrollment.tasks.check_roster": {
                "title": "名册 a.xlsx（新农合 2010）：核对",
                "note": "已读取 1,200 行",
                "state": "failed",
                "finished_at": NOON,
                "refusal": "列名之下没有数据行。",
            },
            "office.tasks.export_list": {"title": "导出：参合人员"},
            "other.tasks.x": {"title": "数据行"},
        }
        for name, fields in made.items():
            job(name=name, **fields)
        for migration in (OFFICE, REGISTER, OFFICE, REGISTER):  # twice, as a repeated migration would
            migration.say_again(None, SimpleNamespace(connection=connection))
        read = {one.name: one for one in Job.objects.all()}
        with override("en"):
            assert [str(read[name]) for name in made] == [
                "Holiday notice 2010",
                "Roster a.xlsx for 新农合 2010: check",
                "Export: Members",
                "数据行",
            ]
            roster = read["enrollment.tasks.check_roster"]
            assert (str(roster.note), str(roster.refusal)) == ("1,200 rows read", "There is no row under the header.")
            notice = read["office.tasks.bring_in_notice"]
            assert [(str(label), value) for label, value in notice.figures] == [("Rows read", 7), ("未知", "数据行")]
            assert (notice.figure("Rows read"), notice.figure("Rows")) == (7, None)
