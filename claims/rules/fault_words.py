"""The sentences of faults, Chinese and English: key -> (zh, en), with the figures that stand in them."""

from typing import Final

FAULTS: Final[dict[str, tuple[str, str]]] = {
    # reading text
    "too_long": ("文件超过 {most} 个字符。", "The text is longer than {most} characters."),
    "syntax": (
        "第 {line} 行起无法读取：格式有误。",
        "Line {line} cannot be read: something is not closed or indented.",
    ),
    "empty": ("文件是空的。", "There is nothing in it."),
    "several": ("文件里只能有一份文档。", "There must be one document, not several."),
    "alias": ("不接受引用（& 和 *），请写全。", "References (& and *) are not taken: write it out."),
    "tag": ("不接受标签 {tag}。", "The tag {tag} is not taken."),
    "key_not_text": ("键必须是文字。", "A key must be plain text."),
    "twice": ("这个键出现了两次。", "This key stands twice."),
    "too_deep": ("嵌套太深。", "It is nested too deeply."),
    "a_float": (
        "数字 {value} 已丢失精度，请用文字给出。",
        "{value} is a float and has lost what it was: give it as text.",
    ),
    # shape
    "not_a_mapping": ("这里应是一组“键: 值”。", "A mapping of keys to values is expected here."),
    "not_a_list": ("这里应是列表。", "A list is expected here."),
    "not_a_value": ("这里应是单个值。", "A single value is expected here."),
    "unknown_key": ("不认识这个键；可用：{known}。", "This key is unknown; known are {known}."),
    "missing_key": ("缺少这个键。", "This key is missing."),
    "missing_value": ("没有填值。", "The value is missing."),
    "no_rows": ("列表不能为空。", "The list must not be empty."),
    # values
    "not_one_of": ("“{value}”不在可选值之内：{known}。", "“{value}” is not one of {known}."),
    "not_a_code": (
        "“{value}”不是代码：只用小写字母、数字和 {signs}。",
        "“{value}” is no code: small letters, digits and {signs}.",
    ),
    "not_an_amount": (
        "“{value}”不是金额：不能为负，最多两位小数，整数部分最多 12 位。",
        "“{value}” is no amount: not negative, at most two decimals, at most 12 digits before the point.",
    ),
    "not_a_share": ("“{value}”不是 0 到 1 之间的比例。", "“{value}” is no ratio between 0 and 1."),
    "not_points": (
        "“{value}”不是 -100 到 100 之间的百分点。",
        "“{value}” is no number of points between -100 and 100.",
    ),
    "not_a_factor": (
        "“{value}”不是系数：应为不大于 10 的非负数。",
        "“{value}” is no factor: not negative, at most 10.",
    ),
    "not_a_number": (
        "“{value}”不是 {least} 到 {most} 之间的整数。",
        "“{value}” is no whole number between {least} and {most}.",
    ),
    "not_a_flag": ("“{value}”应为 true 或 false。", "“{value}” must be true or false."),
    "not_a_date": ("“{value}”不是日期：请写作 2010-01-31。", "“{value}” is no date: write it as 2010-01-31."),
    "too_much_text": ("文字超过 {most} 个字。", "The text is longer than {most} characters."),
    # a plan
    "format_unknown": ("只认识格式 1。", "Only format 1 is known."),
    "dates_reversed": ("结束日期 {last} 早于开始日期 {first}。", "It ends on {last}, before it begins on {first}."),
    "code_twice": ("代码“{value}”已被前面的层使用。", "The code “{value}” is used by an earlier layer."),
    "both_sources": ("一条规则不能既有出处又标为默认。", "A rule either cites its sentence or is assumed, not both."),
    "attribute_unknown": (
        "不认识条件“{value}”；可用：{known}。",
        "The attribute “{value}” is unknown here; known are {known}.",
    ),
    "attribute_misplaced": ("条件“{value}”不能用在这里。", "The attribute “{value}” cannot be asked for here."),
    "no_range": ("“{value}”不能用范围比较。", "“{value}” cannot be compared with a range."),
    "range_reversed": ("范围是空的：没有值能满足。", "The range is empty: no value can meet it."),
    "range_empty": ("范围里没有写界限。", "The range names no limit."),
    "range_double": ("同一端写了两个界限。", "One end of the range has two limits."),
    "not_empty": ("not 里必须有条件。", "There must be a condition in `not`."),
    "no_form": (
        "这一行没有写怎样付；需要其中一种：{known}。",
        "The row does not say how it pays; one of {known} is needed.",
    ),
    "two_forms": ("一行只能有一种付法，这里有：{found}。", "A row has one way of paying; here are {found}."),
    "price_needs": (
        "定额（price）要么配 ratio，要么配 patient_share_of_cost，二者居一。",
        "A price stands with either ratio or patient_share_of_cost.",
    ),
    "limit_needs": ("限额（limit_price）必须配 ratio。", "A limit_price stands with a ratio."),
    "stands_alone": ("{what} 不能与 {form} 同行。", "{what} cannot stand in a row of {form}."),
    "bands_not_rising": ("分段上限必须递增。", "The limits of the bands must rise."),
    "band_open": ("只有最后一段可以没有上限。", "Only the last band may be without a limit."),
    "group_beside_sum": (
        "按项目组付的行不能与定额、限额、定补、自付或账户的行同在一层。",
        "Rows for an item group do not stand in one layer with rows of price, limit_price, fixed, copay or account.",
    ),
    "year_needs_yearly": (
        "over: year 的层，起付线只能按年计（per: year）。",
        "A layer over the year has its deductible per year.",
    ),
    "year_form": (
        "over: year 的层只能按比例或分段付，且不分项目组。",
        "A layer over the year pays by ratio or bands alone, not by item group.",
    ),
    "first_layer_cost": ("{what} 只能用在按费用计算（of: cost）的层。", "{what} is for layers of: cost alone."),
    "cover_of": (
        "cover 只能用在 of: cost 或 of: burden 的层。",
        "A cover stands in layers of: cost or of: burden alone.",
    ),
    "hospital_basic": (
        "只有基本层的保底可由医院承担。",
        "Only the floor of a cost layer can be borne by the hospital.",
    ),
    "one_adjustment": ("一行调整要么写 points，要么写 times。", "A row of adjust has either points or times."),
    "ceiling_what": ("封顶要么写 per: stay，要么写 counter。", "A ceiling has either per: stay or a counter."),
    "ceiling_amount": (
        "封顶额在 amount、amount_per_member、rows 中写一种。",
        "A ceiling has one of amount, amount_per_member and rows.",
    ),
    "per_member": (
        "amount_per_member 只用于 counter: household。",
        "amount_per_member is for counter: household alone.",
    ),
    # a package
    "version_overlaps": (
        "版本必须先后相接、互不重叠：前一版到 {day} 或以后。",
        "Versions follow each other without overlapping: the one before holds on {day} or later.",
    ),
    "more_than_stated": (
        "列出了 {known} 项，多于注明的 {count} 项。",
        "There are {known} entries, more than the {count} stated.",
    ),
    "listed_twice": ("“{value}”已列在 {rule}。", "“{value}” stands at {rule} already."),
    # a case
    "no_file": ("请给出案例文件，或用 - 从标准输入读取。", "Name the case's file, or - for standard input."),
    "file_unreadable": ("文件“{value}”无法读取。", "The file “{value}” cannot be read."),
    "plan_unknown": (
        "没有名为“{value}”的方案；assess --list 列出现有方案。",
        "There is no plan “{value}”; assess --list names the shipped ones.",
    ),
    "plan_unreadable": ("方案文件“{value}”无法读取。", "The plan's file “{value}” cannot be read."),
    "plan_path": ("这里只能用现有方案的代码，不能用文件。", "Only the code of a shipped plan is taken here, no file."),
    "id_twice": ("编号“{value}”已用过。", "The id “{value}” is used by an earlier claim."),
    "items_or_total": (
        "费用要么列明 items，要么给出 total 和 eligible。",
        "A claim gives either items or total and eligible.",
    ),
    "eligible_over_total": (
        "可报销费用 {eligible} 大于总费用 {total}。",
        "The eligible cost {eligible} is more than the total {total}.",
    ),
    "total_differs": ("总费用 {total} 与各项之和 {sum} 不符。", "The total {total} is not the items' sum {sum}."),
    "day_before": ("{later} 早于 {earlier}。", "{later} lies before {earlier}."),
    "visit_of_days": (
        "门诊只有一天：{admitted} 与 {discharged} 不同。",
        "A visit is of one day: {admitted} is not {discharged}.",
    ),
    "age_twice": ("年龄与出生日期只给一个。", "Give either the age or the birth date."),
    "born_later": (
        "出生日期 {born} 晚于入院日 {admitted}。",
        "The birth date {born} lies after the admission on {admitted}.",
    ),
    "counter_unknown": ("方案没有这项累计；可用：{known}。", "The plan has no such counter; it has {known}."),
    "others_over_total": (
        "其他方已付 {others} 大于总费用 {total}。",
        "What others paid, {others}, is more than the total {total}.",
    ),
    # assessing
    "unstated": (
        "方案的 {rule} 要用到这一项，申请没有写明。",
        "The plan asks for it ({rule}), the claim does not state it.",
    ),
    "no_plan_day": (
        "{day} 不在方案“{plan}”的执行期内（{first} 至 {last}）。",
        "{day} lies outside the days on which the plan “{plan}” is in force ({first} to {last}).",
    ),
    "no_basic_layer": (
        "方案没有适用于这次费用的层（{facts}）。",
        "No layer of the plan is for such a claim ({facts}).",
    ),
    "no_row": ("{rule}：没有一行适用（{facts}）。", "{rule}: no row holds ({facts})."),
    # adoption
    "too_many": (
        "组合太多（{count} 种），未能逐一核对。",
        "There are {count} combinations: they were not looked through.",
    ),
    "never_holds": ("这一行永远不会适用。", "The row never holds."),
    "asks_absent": (
        "要用到“{attribute}”，而这类费用没有这一项：{facts}。",
        "It asks for {attribute}, which such a claim does not have: {facts}.",
    ),
    "nothing_for": ("没有一行适用于：{facts}。", "No row holds for {facts}."),
    "deductible_none": (
        "没有一行适用于：{facts}；起付线按 0 计。",
        "No row holds for {facts}: the deductible is 0 there.",
    ),
    "never_reached": (
        "这一行永远轮不到：前面的行已包括。",
        "The row is never reached: rows before it take all its cases.",
    ),
    "overlaps": (
        "与 {rule} 有交叉，由先后次序决定（例如 {facts}）。",
        "It overlaps with {rule}: the order decides (such as {facts}).",
    ),
    "falls": ("分段比例下降：{before} 之后是 {after}。", "The bands fall: {after} after {before}."),
    "unsaid": ("没有写明，按 {value} 处理。", "It is not said: {value} is taken."),
    "unnamed": ("没有写明。", "It is not said."),
}
