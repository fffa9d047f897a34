"""The register's jobs say their sentences again, so that everybody reads them in his own language.

Until now a job kept what it said as a text, in the language of the worker or of whoever asked. The table says which
sentence such a text was made of; it was compared with the catalogue of those days by hand.
"""

import json
import re

from django.db import migrations

#: Sentence -> its Chinese of those days. A place holds a figure.
SENTENCES = {
    "Roster %(file)s for %(fund_year)s: check": "名册 %(file)s（%(fund_year)s）：核对",
    "Roster %(file)s for %(fund_year)s: write": "名册 %(file)s（%(fund_year)s）：写入",
    "Go-live: check %(file)s": "初始化：核查%(file)s",
    "Go-live: write %(kind)s %(as_of)s": "初始化：写入%(kind)s %(as_of)s",
    "Comparing with the register": "正在与参合库比对",
    "Writing": "正在写入",
    "%(count)s rows read": "已读取 %(count)s 行",
    "Rows": "数据行",
    "Good rows": "可写入行数",
    "Rows held back by their household": "因同户有错暂缓的行数",
    "Rows with an error": "有错误的行数",
    "Households not whole": "未整户参合的户",
    "Rows written": "已写入行数",
    "Written before, nothing was changed": "此前已写入，未作改动",
    "New households": "新增户",
    "Households moved or back": "迁移或恢复的户",
    "New members": "新增人员",
    "Members changed": "变更的人员",
    "Contributions noted": "登记缴费",
    "Coverages begun": "新增参保",
    "Accounts with a balance": "有余额的账户",
    "Known people whose name differs": "姓名与库中不同的人员",
    "Columns left aside": "未使用的列",
    "Warnings": "提示",
    "Sum, yuan": "合计（元）",
    "Somebody changed the register at the same time. Nothing was written: start the import again.": "同时有人改动了参合库。未写入任何数据：请重新导入。",
    "Somebody changed the register at the same time. Nothing was written: start the work again.": "登记册同时被他人修改，未写入，请重新开始。",
    "Another roster is being written for %(fund_year)s. Wait until it is done, then start again.": "%(fund_year)s 正在写入另一份名册。请等其完成后再重新开始。",
    "There is no row under the header.": "列名之下没有数据行。",
    "%(fund_year)s is not confirmed yet.": "%(fund_year)s 尚未经双人确认。",
    "No contribution is laid down for: %(categories)s.": "以下人员类别未规定缴费标准：%(categories)s。",
    "No contribution is laid down for %(count)s categories of people.": "有%(count)s类人员未规定缴费标准。",
    "The first row names columns twice: %(columns)s.": "首行列名重复：%(columns)s。",
    "The first row must name the columns; missing: %(columns)s.": "首行应为列名，缺少：%(columns)s。",
    "A roster is an Excel workbook or a CSV file; this is %(kind)s.": "名册应为 Excel 工作簿或 CSV 文件，此文件为 %(kind)s。",
    "The file has more than %(most)s rows: send it in parts, by township.": "文件超过 %(most)s 行：请按乡镇分批上传。",
    "The file breaks off in row %(row)s: save it again and send it whole.": "文件在第 %(row)s 行中断：请重新保存并完整上传。",
    "Cell %(cell)s holds a formula: copy the sheet, paste it as values, and send that.": "单元格 %(cell)s 含有公式：请复制工作表并选择性粘贴为数值后再上传。",
    "The register has changed since the file was checked: %(count)s rows do not fit. Nothing was written.": "核查后登记册有变动：%(count)s行不符，未写入。",
    "The kept file is not the one that was signed. Tell the administrator.": "留存文件与签署文件不一致，请告知管理员。",
    "%(scheme)s keeps no such accounts.": "%(scheme)s不设此类账户。",
    "No file was sent with this work.": "该任务没有附上文件。",
    "This file cannot be opened as a workbook. Save it again as .xlsx and send it.": "文件无法作为工作簿打开，请另存为 .xlsx 后上传。",
    "%(fault)s (%(level)s)": "%(fault)s (%(level)s)",
}
#: Words that stand in a place of their own: what is wrong with rows, kinds of files, titles of exported lists.
WORDS = {
    "ID number missing": "缺身份证号",
    "account balances": "账户余额",
    "another name in the register": "与登记册姓名不符",
    "balance brought along already": "余额已带入",
    "belongs to no household any more": "已不属任何家庭户",
    "birth date does not fit": "出生日期不符",
    "coverage": "参保期间",
    "covered already": "已参保",
    "dead in the register": "库中已死亡",
    "household with several heads": "一户多个户主",
    "household without a head": "缺户主",
    "insured in another basic scheme": "已参加其他基本险种",
    "name missing or unreadable": "姓名缺失或无法识别",
    "no ID number": "身份证号格式错误",
    "no amount": "金额有误",
    "no day": "日期有误",
    "nobody is named": "未指明人员",
    "not in the register": "登记册中没有",
    "outside the fund year": "不在基金年度内",
    "paid already": "已缴费",
    "paid too little": "缴费不足",
    "paid too much": "缴费过多",
    "person twice in the file": "名册内人员重复",
    "receipt not issued to the township": "收据未发放给该乡镇",
    "receipt of two households": "两户用同一收据",
    "register": "参合登记",
    "sex does not fit": "性别不符",
    "twice in the file": "文件内重复",
    "unknown category of person": "人员类别不明",
    "unknown village": "村代码不明",
    "wrong check digit of the ID number": "身份证校验位错误",
    "error": "错误",
    "warning": "提示",
    "Household and personal accounts": "家庭账户和个人账户",
    "Divisions": "行政区划",
    "Double enrollment": "重复参合",
    "Exceptions to whole households": "整户参合例外",
    "Households that are not whole": "未整户参合的家庭户",
    "Fund years": "基金年度",
    "Go-live": "初始化",
    "Members": "参合人员",
    "Households": "家庭户",
    "Roster imports": "名册导入",
    "Schemes": "险种",
}

PLACE = re.compile(r"%\\?\((\w+)\\?\)s")


def _pattern(words):
    return re.compile(PLACE.sub(r"(?P<\1>.+)", re.escape(words)), re.DOTALL)


PATTERNS = [(sentence, _pattern(words)) for sentence, chinese in SENTENCES.items() for words in (chinese, sentence)]
KNOWN = {chinese: word for word, chinese in WORDS.items()} | {word: word for word in WORDS}


def again(text):
    """The sentence that a text was made of; a text that nobody knows is said as it stands."""
    for sentence, pattern in PATTERNS:
        if found := pattern.fullmatch(text):
            return {"say": sentence, "with": {name: _figure(figure) for name, figure in found.groupdict().items()}}
    return {"say": KNOWN.get(text, text), "with": {}}


def _figure(text):
    return {"say": KNOWN[text], "with": {}} if text in KNOWN else text


def _said(kept):
    """What a row has kept, said again: a text, or a sentence that is only a text."""
    if isinstance(kept, dict):
        return kept if kept["with"] else again(kept["say"])
    return again(kept) if kept else kept


def say_again(apps, schema_editor):
    """Row by row: an office has some thousand jobs."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, jsonb_build_array(title, note, refusal)::text, outcome::text FROM office_job"
            " WHERE name LIKE 'enrollment.%'"
        )
        for pk, sentences, outcome in cursor.fetchall():
            said = [_said(one) for one in json.loads(sentences)]
            figures = [[_said(label), value] for label, value in json.loads(outcome)]
            cursor.execute(
                "UPDATE office_job SET title = %s, note = %s, refusal = %s, outcome = %s WHERE id = %s",
                [*map(json.dumps, said), json.dumps(figures), pk],
            )
        cursor.execute(
            "SELECT id, title->'with'->>'list' FROM office_job"
            " WHERE name = 'office.tasks.export_list' AND jsonb_typeof(title->'with'->'list') = 'string'"
        )
        for pk, exported in cursor.fetchall():
            figure = json.dumps(_figure(exported))
            cursor.execute(
                "UPDATE office_job SET title = jsonb_set(title, '{with,list}', %s) WHERE id = %s", [figure, pk]
            )


class Migration(migrations.Migration):
    dependencies = [
        ("enrollment", "0006_contribution_of_wages"),
        ("office", "0020_say_jobs_again"),
    ]

    operations = [migrations.RunPython(say_again, migrations.RunPython.noop)]
