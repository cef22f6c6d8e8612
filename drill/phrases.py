"""Words of the practice city: what people say when they report, and who they say they are.

All invented. Names carry 演练 and phone numbers begin with 000, so that nobody can take them for
real ones.
"""

from random import Random

from casework.decider import Personal
from casework.scheme import CaseClass, Condition
from casework.terms import Kind

SAID: dict[tuple[Kind, str], tuple[str, ...]] = {
    (Kind.INCIDENT, "0101"): (
        "{spot}有人在楼顶搭铁皮房，已经搭了一半。",
        "{spot}一楼住户把院子围起来加盖了雨棚，占了公共通道。",
    ),
    (Kind.INCIDENT, "0102"): (
        "{spot}垃圾桶满了没人收，垃圾袋堆到了人行道上，味道很大。",
        "{spot}地上散着一堆剩菜和塑料袋，招来很多苍蝇。",
        "{spot}路边有三四袋生活垃圾，早上到现在没有清走。",
    ),
    (Kind.INCIDENT, "0103"): (
        "{spot}堆了一大堆装修渣土，好几天了没人拉走。",
        "{spot}墙角积了很多砖块和水泥块，老人走路要绕行。",
    ),
    (Kind.INCIDENT, "0104"): (
        "{spot}路面全是泥沙，车一过尘土飞扬。",
        "{spot}人行道上落叶和纸屑很多，像是两天没扫了。",
        "{spot}地面有大片油污，骑车容易滑倒。",
    ),
    (Kind.INCIDENT, "0105"): ("{spot}旁边的河渠漂着很多泡沫和水葫芦。",),
    (Kind.INCIDENT, "0106"): (
        "{spot}绿化带里被扔了不少饭盒和饮料瓶。",
        "{spot}草地上堆着修剪下来的枯枝，没有运走。",
    ),
    (Kind.INCIDENT, "0107"): ("{spot}停着一辆没有牌照的旧面包车，轮胎都瘪了，占位很久。",),
    (Kind.INCIDENT, "0108"): ("{spot}有人丢了一张旧沙发和一个床垫。",),
    (Kind.INCIDENT, "0110"): (
        "{spot}路面有一个坑，晚上看不清，已经有人摔倒。",
        "{spot}人行道地砖松动，下雨踩上去溅水。",
    ),
    (Kind.INCIDENT, "0112"): ("{spot}有泥头车一路漏土，撒了两百多米。",),
    (Kind.INCIDENT, "0115"): ("{spot}有人在空地上烧树叶，烟飘进了楼里。",),
    (Kind.INCIDENT, "0116"): ("{spot}餐馆的油烟直接排到居民窗下，天天如此。",),
    (Kind.INCIDENT, "0117"): ("{spot}路中间有一只死猫，请派人清理。",),
    (Kind.INCIDENT, "0201"): (
        "{spot}电线杆和墙面贴满了小广告。",
        "{spot}地上喷了一排办证的电话号码。",
        "{spot}楼道口、公告栏上都是刚贴的招租小纸条。",
    ),
    (Kind.INCIDENT, "0202"): ("{spot}新挂了一幅很大的横幅，挡住了路牌。",),
    (Kind.INCIDENT, "0203"): ("{spot}店家把灯箱摆在人行道中间，轮椅过不去。",),
    (Kind.INCIDENT, "0301"): (
        "{spot}工地半夜还在打桩，吵得没法睡。",
        "{spot}隔壁装修中午也不停，电钻声很响。",
    ),
    (Kind.INCIDENT, "0302"): ("{spot}工地没有洒水，风一吹全是灰。",),
    (Kind.INCIDENT, "0304"): ("{spot}施工围挡占了半条路，没有看到告示。",),
    (Kind.INCIDENT, "0401"): ("{spot}路面塌下去一块，大概一张桌子那么大。",),
    (Kind.INCIDENT, "0402"): ("{spot}水管爆了，路面一直往外冒水。",),
    (Kind.INCIDENT, "0404"): ("{spot}下水道堵了，污水流到路上。",),
    (Kind.INCIDENT, "0406"): ("{spot}积水没过脚踝，小车不敢过。",),
    (Kind.INCIDENT, "0408"): ("{spot}有一根电缆垂下来，离地不到两米。",),
    (Kind.INCIDENT, "0501"): (
        "{spot}有七八个流动摊贩摆摊，人行道走不通。",
        "{spot}天桥下面每天有人摆地摊卖水果。",
        "{spot}学校门口有推车卖小吃的，放学时很堵。",
    ),
    (Kind.INCIDENT, "0502"): ("{spot}有一位老人睡在路边，看起来需要帮助。",),
    (Kind.INCIDENT, "0503"): ("{spot}有人占着人行道收废品，纸皮堆得很高。",),
    (Kind.INCIDENT, "0504"): (
        "{spot}几家小店把桌椅摆到了店外，行人只能走车道。",
        "{spot}水果店的筐子摆出来两米多，提醒过也不收。",
        "{spot}五金店把货架全放在门口的路上。",
    ),
    (Kind.INCIDENT, "0505"): (
        "{spot}人行道上停满了小车。",
        "{spot}消防通道被一辆白色小车堵住，联系不上车主。",
        "{spot}绿化带里停了两辆货车。",
    ),
    (Kind.INCIDENT, "0506"): ("{spot}自行车和电动车乱放，挡住了公交站台。",),
    (Kind.INCIDENT, "0507"): ("{spot}有人把水泥和木板堆在路边，几天没动。",),
    (Kind.INCIDENT, "0508"): ("{spot}店门口的大喇叭从早放到晚。",),
    (Kind.INCIDENT, "0510"): ("{spot}晚上有人摆烧烤摊，烟很大，还占了车道。",),
    (Kind.COMPONENT, "0103"): ("{spot}雨水井盖不见了，旁边只插了根树枝。",),
    (Kind.COMPONENT, "0118"): ("{spot}路灯连着几盏不亮，晚上很黑。",),
    (Kind.COMPONENT, "0305"): ("{spot}垃圾箱被撞倒，盖子也裂了。",),
    (Kind.COMPONENT, "0402"): (
        "{spot}一棵行道树倒了，压住了半边车道。",
        "{spot}大树断了一根枝，挂在半空，很危险。",
    ),
}
"""By kind and code of a class; {spot} is where."""

ANY = (
    "{spot}发现{name}：{condition}。",
    "市民反映{spot}有{name}的情况，{condition}。",
    "{spot}，{condition}，请尽快处理。",
)

ROADS = (
    "演练一路", "榕荫路", "海棠街", "木棉路", "紫荆街", "晨光路", "望海路", "松园街", "兰溪路",
    "新圩路", "石榴街", "竹林巷", "灯塔路", "丰年路", "云岭街", "白鹭路", "南风街", "桂影路",
)  # fmt: skip
PLACES = (
    "小学门口", "菜市场东门", "公交站旁", "社区公园入口", "天桥底下", "停车场出口", "银行门前",
    "加油站对面", "工业区二号门", "幼儿园后巷", "地铁口", "城中村牌坊",
)  # fmt: skip
SURNAMES = "赵钱孙李周吴郑王冯陈林黄梁何罗谢"


def spot(dice: Random, street: str) -> str:
    """Where it is, in a reporter's words."""
    road = dice.choice(ROADS)
    if dice.random() < 0.4:  # noqa: PLR2004  taste
        return f"{street}{road}{dice.randint(1, 180)}号"
    if dice.random() < 0.5:  # noqa: PLR2004  taste
        return f"{street}{road}与{dice.choice(ROADS)}交叉口"
    return f"{street}{road}{dice.choice(PLACES)}"


def report(dice: Random, of: CaseClass, condition: Condition, street: str) -> Personal:
    """What a reporter says and who it is."""
    where = spot(dice, street)
    said = dice.choice(SAID.get((of.kind, of.code), ANY))
    return Personal(
        name=f"演练·{dice.choice(SURNAMES)}{dice.choice(('先生', '女士'))}",
        phone=f"000{dice.randint(0, 99_999_999):08}",
        address=where,
        text=said.format(spot=where, name=of.name, condition=condition.text.rstrip("。")),
    )
