"""The sentences of the trace, Chinese and English: key -> (zh, en), with the figures that stand in them."""

from typing import Final

TRACE: Final[dict[str, tuple[str, str]]] = {
    # which layers
    "off": ("本层不适用，支付 0。", "This layer does not hold: it pays 0."),
    "not_in_force": (
        "方案“{plan}”在 {day} 尚未执行或已停止，支付 0。",
        "The plan “{plan}” is not in force on {day}: it pays 0.",
    ),
    "other_basic": (
        "已按“{basic}”计算，本层不再支付。",
        "“{basic}” is the basic layer of this claim: this layer pays 0.",
    ),
    # step 1
    "item": (
        "{class_zh}类 {group}：{amount} × {share} = {eligible}",
        "Class {class_}, {group}: {amount} × {share} = {eligible}",
    ),
    "item_full": (
        "{class_zh}类 {group}：{amount} × {share} = {eligible}，不扣起付线、不按比例，全额支付",
        "Class {class_}, {group}: {amount} × {share} = {eligible}, paid in full without deductible and ratio",
    ),
    "eligible": (
        "总费用 {total} − 自费 {own} − 先行自付 {first} = 可报销费用 {eligible}",
        "Total {total} − own items {own} − first share {first} = eligible cost {eligible}",
    ),
    "others": (
        "其他方已付 {others}：可报销费用减为 {base}，自费剩 {own}",
        "Other payers paid {others}: eligible cost becomes {base}, own items {own}",
    ),
    "view": (
        "合规费用 {view} − 其他方 {others} − 已支付 {paid} − 医院承担 {hospital} = {base}",
        "Compliant cost {view} − other payers {others} − paid so far {paid} − hospital {hospital} = {base}",
    ),
    "burden": ("前面各层支付后的个人负担合规费用 {base}", "Burden after the layers before: {base}"),
    "own_items": ("自费 {base}", "Own items: {base}"),
    "price": ("基本层的病种价格 {base}", "Case price of the basic layer: {base}"),
    "over_ceiling": (
        "超过可报销费用封顶的部分 {base}",
        "Eligible cost above the basic layer's eligible ceiling: {base}",
    ),
    "cut_payment": ("被支付封顶截去的部分 {base}", "What the ceilings cut from the basic layer's payment: {base}"),
    # steps 2 and 3
    "enters": (
        "可报销费用年封顶 {amount}，已用 {used}：进入计算 {entered}，超出 {cut}",
        "Eligible ceiling of the year {amount}, used {used}: {entered} enters the rule, {cut} is over it",
    ),
    "deductible": ("起付线 {amount}，实扣 {taken}", "Deductible {amount}, taken off {taken}"),
    "deductible_year": (
        "年起付线 {amount}，本年已扣 {used}，实扣 {taken}",
        "Deductible of the year {amount}, used {used}, taken off {taken}",
    ),
    "deductible_group": ("其中 {group} {cost} 扣 {taken}", "Of it from {group}, {cost}: {taken}"),
    "deductible_none": ("没有适用的起付线，扣 0", "No deductible holds: 0"),
    # step 4
    "bands": ("{formula} = {result}", "{formula} = {result}"),
    "bands_group": ("{groups}：{formula} = {result}", "{groups}: {formula} = {result}"),
    "points": ("比例调整 {points} 个百分点", "The ratio changes by {points} points"),
    "age": ("比例加 {each} × {age} 岁 = {points} 个百分点", "The ratio gains {each} × age {age} = {points} points"),
    "times": ("{before} × {times} = {result}", "{before} × {times} = {result}"),
    "over_year": (
        (
            "本年累计 {before} → {after}：[{formula_after}] = {due_after}；"
            "减去 [{formula_before}] = {due_before}；得 {result}"
        ),
        (
            "This year {before} → {after}: [{formula_after}] = {due_after}; "
            "less [{formula_before}] = {due_before}; {result}"
        ),
    ),
    "fixed": ("定额补偿 {amount}，支付 {result}", "Fixed sum {amount}: {result}"),
    "copay": ("{base} − 个人支付 {amount} = {result}", "{base} − the patient's {amount} = {result}"),
    "account": (
        "账户余额 {held}，费用 {base}，支付 {result}",
        "The account holds {held}, the cost is {base}: {result}",
    ),
    "price_ratio": (
        "病种定额 {amount} × {ratio} = {result}；医院承担 {total} − {met} = {hospital}",
        "Case price {amount} × {ratio} = {result}; the hospital bears {total} − {met} = {hospital}",
    ),
    "price_share": (
        "患者付 {total} × {share} = {patient}；基金付 {lesser} − {patient} = {result}；医院承担 {hospital}",
        (
            "The patient pays {total} × {share} = {patient}; the fund {lesser} − {patient} = {result}; "
            "the hospital {hospital}"
        ),
    ),
    "limit_price": (
        "费用与限额取低 {lesser} × {ratio} = {result}",
        "The lesser of cost and limit {lesser} × {ratio} = {result}",
    ),
    # steps 5 to 7
    "full": ("加全额支付项目 {full}：{result}", "Plus items paid in full {full}: {result}"),
    "floor": ("保底 {of} × {ratio} = {floor}：支付 {result}", "Floor {of} × {ratio} = {floor}: {result}"),
    "floor_hospital": (
        "保底 {of} × {ratio} = {floor}：医院补足 {hospital}",
        "Floor {of} × {ratio} = {floor}: the hospital adds {hospital}",
    ),
    "patient_ceiling": (
        "个人负担 {borne} 超过封顶 {amount}：支付 {result}",
        "The patient would bear {borne}, more than {amount}: {result}",
    ),
    "ceiling": (
        "封顶 {amount}，已用 {used}，余 {left}：支付 {result}",
        "Ceiling {amount}, used {used}, left {left}: {result}",
    ),
    "cost_cap": ("不超过尚未支付的费用 {left}：支付 {result}", "Not more than the cost still unpaid, {left}: {result}"),
    "account_cap": ("不超过账户余额 {left}：支付 {result}", "Not more than the account holds, {left}: {result}"),
    "rounded": ("四舍五入到{unit}：{result}", "Rounded half up to the {unit_en}: {result}"),
    "pays": ("本层支付 {result}，个人负担合规费用剩 {burden}", "The layer pays {result}; burden left {burden}"),
}
CLASSES: Final = {"A": "甲", "B": "乙", "C": "丙"}
UNITS: Final = {"fen": "分", "jiao": "角", "yuan": "元"}
