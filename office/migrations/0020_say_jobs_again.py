"""The office's jobs say their sentences again, so that everybody reads them in his own language.

Until now a job kept what it said as a text, in the language of the worker or of whoever asked. The table says which
sentence such a text was made of; it was compared with the catalogue of those days by hand.
"""

import json
import re

from django.db import migrations

#: Sentence -> its Chinese of those days. A place holds a figure.
SENTENCES = {
    "Export: %(list)s": "导出：%(list)s",
    "Holiday notice %(year)s": "%(year)s 年放假通知",
    "Rows": "数据行",
    "Rows read": "读取行数",
    "Faulty rows": "错误行",
    "Days changed": "变更天数",
    "No file was sent with this work.": "该任务没有附上文件。",
    "This version of the system does not know this work.": "当前版本的系统没有这项任务。",
    "Nothing was written: mend the faulty rows and send the file again.": "未写入任何数据，请改正错误行后重新上传。",
    "This file cannot be opened as a workbook. Save it again as .xlsx and send it.": "文件无法作为工作簿打开，请另存为 .xlsx 后上传。",
    "The text of this file is neither UTF-8 nor GB18030. Save it again as .xlsx and send it.": "文件编码既不是 UTF-8 也不是 GB18030，请另存为 .xlsx 后上传。",
    "The work was interrupted %(times)s times and was given up. Start it again when the cause is mended.": "任务中断 %(times)s 次，已停止。排除原因后请重新开始。",
    "An error that nobody foresaw ended the work; nothing of it was kept. Tell the administrator job %(pk)s.": "任务因意外错误中止，未保存任何结果。请将任务号 %(pk)s 告知管理员。",
}
#: Words that stand in a place of their own: titles of exported lists.
WORDS = {
    "Jobs": "后台任务",
    "Acts": "操作记录",
    "Refused tries": "被拒操作",
    "Bodies": "机构",
    "Working days": "工作日",
    "People": "人员",
    "Printers": "打印机",
    "Decisions": "审批事项",
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
        cursor.execute("UPDATE office_job SET outcome = '[]' WHERE outcome = '{}'")
        cursor.execute(
            "SELECT id, jsonb_build_array(title, note, refusal)::text, outcome::text FROM office_job"
            " WHERE name LIKE 'office.%'"
        )
        for pk, sentences, outcome in cursor.fetchall():
            said = [_said(one) for one in json.loads(sentences)]
            figures = [[_said(label), value] for label, value in json.loads(outcome)]
            cursor.execute(
                "UPDATE office_job SET title = %s, note = %s, refusal = %s, outcome = %s WHERE id = %s",
                [*map(json.dumps, said), json.dumps(figures), pk],
            )


class Migration(migrations.Migration):
    dependencies = [("office", "0019_keep_jobs_in_sentences")]

    operations = [migrations.RunPython(say_again, migrations.RunPython.noop)]
