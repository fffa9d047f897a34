"""Names of people who do not exist: surnames as they are frequent in the county, given names by sex."""

from __future__ import annotations

from itertools import accumulate
from random import Random
from typing import Final

from enrollment.rules.categories import Sex

#: Surnames with weights: 海原 is mostly Hui, 和县 mostly Han. The weights are made up after the general picture.
SURNAMES: Final = {
    "640522": "马180 杨62 李60 田46 王44 罗38 张34 丁24 金20 白20 何18 周18 穆14 冯14 黑12 虎10 撒8 哈8 纳7 买7 妥6 "
    "锁5 单5 解4 曾4 苏12 康9 摆3 海5 禹4 者2 剡2 苗3 伏2 顾3 童3 余6 勉2 兰5 "
    "安6 刘22 陈16 赵14 吴9 徐8 段6 郭8 高7 朱6",
    "340523": "王70 张62 李60 陈46 刘40 杨30 赵24 吴26 周24 徐24 孙22 朱20 胡18 汪16 程14 丁13 许12 夏10 鲁9 戴8 范8 "
    "石8 叶8 潘7 沈7 单4 解3 曾4 查4 仇3 卜3 祖2 端2 尉迟1 万俟1 秦6 严5 尹5 濮4 童4 马8 后2",
}
#: Characters of given names; where both sexes have them they stand in both.
SAID: Final = {
    Sex.MALE: "明强军勇国福贵成海龙虎忠义林峰平建志文武德生祥荣发春广玉彦耀学宝俊伟涛斌鹏杰世廷",
    Sex.FEMALE: "秀英兰花梅芳玲霞燕红丽娟莲珍凤萍琴桂淑慧洁静雪菊香彩艳晓婷娜素月翠春银玉巧",
}
#: Characters that old computers could not write and the font of the prints can; the last two beyond U+FFFF.
RARE: Final = "䶮㛃堃镕犇彧翀玥赟喆淼骉㭎䴙\U0002b5af\U0002cd9f"
DOTTED: Final = {
    Sex.MALE: (("买买提", "吐尔逊", "哈桑", "艾合买提"), ("热合曼", "优素福", "伊敏", "尔萨")),
    Sex.FEMALE: (("阿依古丽", "古丽娜", "帕提曼", "海丽且"), ("吐尔逊", "热合曼", "伊敏", "优素福")),
}
RARELY: Final = 0.004


class Names:
    """Gives names; the same source of chance gives the same names."""

    def __init__(self, county: str, chance: Random) -> None:
        self.chance = chance
        words = SURNAMES[county].split()
        self.surnames = [word.rstrip("0123456789") for word in words]
        self.weights = list(accumulate(int(word.lstrip("".join(self.surnames))) for word in words))

    def surname(self) -> str:
        """A surname, as often as the county has it."""
        return self.chance.choices(self.surnames, cum_weights=self.weights)[0]

    def given(self, sex: Sex) -> str:
        """One or two characters; now and then a rare one."""
        said = SAID[sex]
        first, second = said[int(self.chance.random() * len(said))], said[int(self.chance.random() * len(said))]
        if self.chance.random() < RARELY:
            second = self.chance.choice(RARE)
        return second if self.chance.random() < 0.22 or first == second else first + second  # noqa: PLR2004

    def dotted(self, sex: Sex) -> str:
        """A name of two parts, as families from further west have."""
        own, father = DOTTED[sex]
        return f"{self.chance.choice(own)}·{self.chance.choice(father)}"
