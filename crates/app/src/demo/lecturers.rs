//! The demo's lecturers and their bookings. People and places are made up; nobody has a photo.

use super::people::{actor, organisation};
use super::refused;
use crate::accounts::Accounts;
use crate::lecturers::actions::{booking, people};
use crate::lecturers::rules::State;
use crate::lecturers::{Booking, BookingId, Bookings, Fields, LecturerId, Lecturers, Request};
use crate::organisations::OrganisationId;
use crate::state::App;
use kernel::{Actor, Role, Timestamp};

/// A lecturer: name, kind, topics, occupation, number of the organisation in the order of the tree, and whether there is consent.
type Told = (&'static str, &'static str, &'static [&'static str], &'static str, usize, bool);

const LECTURERS: [Told; 25] = [
    ("周明远", "model", &["village", "economy"], "农业技术推广研究员", 4, true),
    ("李桂芳", "secretary", &["law", "village"], "村党支部书记", 5, true),
    ("王海燕", "secretary", &["service"], "社区党委书记", 3, false),
    ("陈立群", "official", &["village", "law"], "水利局副局长", 2, true),
    ("赵文静", "model", &["service", "safety"], "急诊科护士长", 1, true),
    ("孙浩", "official", &["service"], "社会工作部干部", 2, false),
    ("何建国", "secretary", &["history", "culture"], "退休老支书", 6, true),
    ("吴秀英", "teacher", &["economy", "village"], "农学院副教授", 1, true),
    ("郑志强", "teacher", &["safety"], "中学教师", 3, false),
    ("马春梅", "teacher", &["law"], "司法所所长", 3, true),
    ("高远", "member", &["economy"], "港务调度员", 8, false),
    ("林晓燕", "member", &["culture", "history"], "文化站站长", 3, true),
    ("周大海", "model", &["theory"], "灯塔守护人", 9, false),
    ("李素珍", "secretary", &["service"], "社区书记", 10, true),
    ("赵铁军", "model", &["safety"], "供电所班长", 2, true),
    ("许明", "official", &["theory"], "办公室主任", 1, false),
    ("叶青", "secretary", &["economy"], "合作社理事长", 11, false),
    ("沈怡", "teacher", &["culture"], "图书馆馆员", 2, true),
    ("黄国栋", "teacher", &["theory", "history"], "党校教授", 0, true),
    ("罗婷婷", "teacher", &["theory"], "党校讲师", 0, false),
    ("唐建军", "official", &["law"], "纪检监察干部", 1, false),
    ("冯玉兰", "model", &["culture", "village"], "非遗传承人", 7, true),
    ("蒋文涛", "member", &["service"], "快递站点负责人", 12, false),
    // Two rows of one person, for the list of possible duplicates.
    ("李桂芳", "secretary", &["village"], "村书记", 3, false),
    ("吴 秀英", "teacher", &["economy"], "乡村振兴讲师", 2, false),
];

/// The lecturer with this name, the one registered first.
pub(super) async fn called(app: &App, name: &str) -> anyhow::Result<Option<LecturerId>> {
    let found = Lecturers(&mut app.db.read().await?).named(&crate::lecturers::rules::plain(name), 10).await?;
    Ok(found.into_iter().min_by_key(|l| (l.created_at, l.id)).map(|l| l.id))
}

/// Plants the lecturers, then bookings in every state.
pub(super) async fn plant(app: &App) -> anyhow::Result<()> {
    let top = organisation(app, "province")?;
    let clerk = actor(app, Role::Clerk, top, "clerk.province").await?;
    let mut ids = Vec::new();
    for told in &LECTURERS {
        ids.push(register(app, &clerk, told).await?);
    }
    bookings(app, &clerk, &ids).await
}

async fn register(app: &App, clerk: &Actor, told: &Told) -> anyhow::Result<LecturerId> {
    let (name, kind, topics, occupation, place, consents) = *told;
    let fields = Fields {
        name: Some(name.into()),
        kind: Some(kind.into()),
        topics: Some(topics.iter().map(|topic| (*topic).to_owned()).collect()),
        occupation: Some(occupation.into()),
        about: Some(format!("{name}，{occupation}。多年在基层一线宣讲，讲身边人、身边事，听得懂、记得住、用得上。")),
        contact: Some("由所在组织联系".into()),
        term_from: Some("2026-01-01".into()),
        term_to: Some("2028-12-31".into()),
        account: (name == "黄国栋").then(|| "lecturer.province".to_owned()),
        ..Fields::default()
    };
    let id = people::create(app, clerk, self::place(app, place)?, fields).await.map_err(refused)?;
    if consents {
        people::consent(app, clerk, id, "本人签署讲师公开信息同意书。").await.map_err(refused)?;
    }
    Ok(id)
}

/// The organisation with this number: 0 is the root, the next are spread over the tree.
fn place(app: &App, number: usize) -> anyhow::Result<OrganisationId> {
    let tree = app.tree.load();
    let all: Vec<_> = tree.roots().flat_map(|root| tree.subtree(root.id)).map(|node| node.id).collect();
    // The first numbers go down the line where the demo's people work.
    let at = if number < 5 { number } else { number * 7 % all.len().max(1) };
    all.get(at).copied().ok_or_else(|| anyhow::anyhow!("the demo's tree is smaller than its stories"))
}

/// Bookings of the next weeks go the way of everybody's; those of the past are written as they would stand by now.
async fn bookings(app: &App, clerk: &Actor, ids: &[LecturerId]) -> anyhow::Result<()> {
    let county = organisation(app, "county")?;
    let asker = actor(app, Role::Clerk, county, "clerk.county").await?;
    let titles = ["秋收后的党课", "宪法宣传周专题课", "新就业群体座谈", "冬季用电安全课", "读书会开讲", "文化礼堂开课"];
    for (n, title) in titles.iter().enumerate() {
        let starts_at = hour(app, 3 + n as i64 * 3, 9);
        let request = Request {
            organisation: county,
            starts_at,
            ends_at: starts_at.plus_ms(2 * 3_600_000),
            title: (*title).into(),
            place: "县委党校报告厅".into(),
            people: 80 + n as i64 * 20,
            note: "请准备四十分钟的讲解，留二十分钟提问。".into(),
        };
        let id = booking::request(app, &asker, ids[if n < 3 { 18 } else { n }], request).await.map_err(refused)?;
        match n {
            1 | 3 => booking::accept(app, clerk, id, None).await.map_err(refused)?,
            4 => booking::decline(app, clerk, id, None, "当天已有外出安排。").await.map_err(refused)?,
            5 => booking::cancel(app, &asker, id, None, "场地另有用途。").await.map_err(refused)?,
            _ => {}
        }
    }
    let mut tx = app.db.begin().await?;
    let account = Accounts(&mut tx).find_by_login("clerk.county").await?.map_or(asker.account, |account| account.id);
    for n in 0..4 {
        let starts_at = hour(app, -20 + n * 4, 14);
        Bookings(&mut tx).insert(&past(app, ids[18], county, account, (n, starts_at))).await?;
    }
    Ok(tx.commit().await?)
}

fn past(app: &App, lecturer: LecturerId, organisation: OrganisationId, by: kernel::AccountId, (n, starts_at): (i64, Timestamp)) -> Booking {
    let rated = n < 3;
    Booking {
        id: BookingId::new(app.clock.as_ref()),
        lecturer,
        organisation,
        starts_at,
        ends_at: starts_at.plus_ms(2 * 3_600_000),
        title: format!("理论宣讲第{}讲", n + 1),
        place: "县图书馆".into(),
        people: 60,
        note: String::new(),
        state: if rated { State::Rated } else { State::Accepted },
        answer: String::new(),
        answered_by: Some(by),
        answered_at: Some(starts_at.plus_days(-7)),
        stars: rated.then_some(5 - n % 2),
        comment: if rated { "例子讲得生动，大家提了很多问题。".into() } else { String::new() },
        created_by: by,
        created_at: starts_at.plus_days(-10),
        version: 3,
    }
}

/// An hour of the day so many days from today, on the clock of the installation.
fn hour(app: &App, days: i64, hour: i8) -> Timestamp {
    let now = app.clock.now();
    let day = jiff::ZonedDateTime::new(now.plus_days(days).to_jiff(), app.zone.clone()).date();
    day.at(hour, 0, 0, 0).to_zoned_datetime(app.zone.clone()).map_or(now.plus_days(days), |at| Timestamp(at.timestamp().as_millisecond()))
}
