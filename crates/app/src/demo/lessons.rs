//! The demo's lessons and what becomes of them. People and places are made up.

/// Where a lesson's story ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Draft,
    /// Waits for the verdict of the holder so many steps above its branch (1 = township).
    Waits(usize),
    Returned,
    Kept,
    Rejected,
    Withdrawn,
    /// Selected, with so many approvals.
    Selected(usize),
    Published,
}

/// A lesson of the demo.
#[derive(Debug, Clone, Copy)]
pub(super) struct DemoLesson {
    pub title: &'static str,
    pub lecturer: &'static str,
    pub kind: &'static str,
    pub topic: &'static str,
    pub form: &'static str,
    /// Number of the category.
    pub category: usize,
    /// Number of the branch, in the order of the tree.
    pub branch: usize,
    pub about: &'static str,
    pub fate: Fate,
}

const fn lesson(
    title: &'static str,
    lecturer: &'static str,
    codes: [&'static str; 3],
    category: usize,
    branch: usize,
    about: &'static str,
    fate: Fate,
) -> DemoLesson {
    let [kind, topic, form] = codes;
    DemoLesson { title, lecturer, kind, topic, form, category, branch, about, fate }
}

/// All of them; the first belong to the branch where the demo's people work.
pub(super) const LESSONS: [DemoLesson; 18] = [
    lesson(
        "把论文写在大地上：一位农技员的三十年",
        "周明远",
        ["model", "village", "story"],
        0,
        0,
        "三十年里，他走遍全县二百一十七个村，记下四十二本田间笔记。这一课从其中一本翻开，讲怎样把书上的道理变成地里的收成。",
        Fate::Published,
    ),
    lesson(
        "我们村的账本为什么公开",
        "李桂芳",
        ["secretary", "law", "lecture"],
        0,
        1,
        "一本贴在村口的账，十年没有断过。讲清楚钱从哪里来、到哪里去，矛盾就少了一半。",
        Fate::Waits(1),
    ),
    lesson(
        "入户走访的十二个细节",
        "王海燕",
        ["secretary", "service", "micro"],
        0,
        0,
        "敲门之前想什么，进门之后看什么，出门以后记什么。十二个细节，都是走出来的。",
        Fate::Draft,
    ),
    lesson(
        "一条河的治理：从臭水沟到会客厅",
        "陈立群",
        ["official", "village", "on-site"],
        0,
        2,
        "河长不是一块牌子，是一双脚。沿着三公里河岸边走边讲，看一条河怎样回到城里人的生活。",
        Fate::Published,
    ),
    lesson(
        "深夜的急诊室",
        "赵文静",
        ["model", "service", "story"],
        1,
        41,
        "凌晨两点，急诊室里最重要的不是设备，是交接的那一句话。一位护士长讲岗位上的三个夜晚。",
        Fate::Published,
    ),
    lesson(
        "新就业群体怎么联系、怎么服务",
        "孙浩",
        ["official", "service", "dialogue"],
        1,
        9,
        "骑手、主播、网约车司机在哪里，服务就到哪里。三位新就业者坐下来，和我们一起谈。",
        Fate::Returned,
    ),
    lesson(
        "老支书的小本子",
        "何建国",
        ["secretary", "history", "story"],
        0,
        3,
        "一九七八年的工分、一九九八年的堤、二〇〇八年的路。一个小本子里的村史。",
        Fate::Published,
    ),
    lesson(
        "稻田里的数据",
        "吴秀英",
        ["teacher", "economy", "on-site"],
        0,
        12,
        "传感器插进泥里，手机上看水深。讲数据怎样帮一户人家多收三成。",
        Fate::Waits(3),
    ),
    lesson(
        "一张防溺水地图",
        "郑志强",
        ["teacher", "safety", "lecture"],
        0,
        40,
        "全镇三十七处水域，孩子们自己画成一张图。安全课从走一遍开始。",
        Fate::Waits(2),
    ),
    lesson(
        "把法律讲进院坝里",
        "马春梅",
        ["teacher", "law", "dialogue"],
        0,
        20,
        "借条、彩礼、土地流转，院坝里问得最多的五件事，一件一件讲明白。",
        Fate::Selected(1),
    ),
    lesson(
        "港务站的一天",
        "高远",
        ["member", "economy", "micro"],
        1,
        52,
        "潮水不等人。跟着调度员走完二十四小时，看一个岗位怎样连着一座城。",
        Fate::Kept,
    ),
    lesson(
        "山歌里的家风",
        "林晓燕",
        ["member", "culture", "story"],
        0,
        17,
        "一首唱了四代人的山歌，讲的是借米要还、过桥要让。",
        Fate::Waits(4),
    ),
    lesson(
        "灯塔守到天明",
        "周大海",
        ["model", "theory", "story"],
        1,
        55,
        "海上的人看得见的，是一盏灯；看不见的，是守灯的人。",
        Fate::Rejected,
    ),
    lesson(
        "社区食堂算好一笔账",
        "李素珍",
        ["secretary", "service", "lecture"],
        0,
        25,
        "一顿饭八块钱，怎样不亏本？把社区食堂的账摊开来算。",
        Fate::Published,
    ),
    lesson(
        "供电所的抢修课",
        "赵铁军",
        ["model", "safety", "on-site"],
        1,
        42,
        "台风夜里三十六小时，抢修的先后顺序怎么定。",
        Fate::Published,
    ),
    lesson("读懂一份会议通知", "许明", ["official", "theory", "micro"], 1, 48, "少开会、开短会，从写好一份通知开始。", Fate::Withdrawn),
    lesson(
        "茶园里的合作社",
        "叶青",
        ["secretary", "economy", "dialogue"],
        0,
        28,
        "六十户茶农为什么愿意把地连成片？听他们自己讲。",
        Fate::Waits(1),
    ),
    lesson("图书馆的夜读班", "沈怡", ["teacher", "culture", "lecture"], 1, 47, "每周三晚上七点，一盏灯、一本书、一屋子人。", Fate::Draft),
];
