//! A made-up nation: as many organisations and held sessions as are wanted, to see how figures behave at size.
//!
//! Session `i` counts for a branch, a day and traits by arithmetic that both engines share, so that every figure can be checked
//! by plain SQL. Sessions come day by day: a recount then folds days, not branches.

use crate::accounts::actions;
use crate::db::{PutAside, args, assembled};
use crate::lessons::rules::{FORMS, LECTURER_KINDS, TOPICS};
use crate::organisations::{BEGINNING, Change, OrganisationId, Organisations, StagingId, refresh};
use crate::state::App;
use crate::statistics::{count_held, number};
use kernel::{AccountId, Id};

/// Cities, counties, townships: those of the largest province there is a file of.
const LEVELS: [usize; 3] = [13, 126, 1_703];
/// Venues that sessions are spread over.
const VENUES: [&str; 4] = ["room", "hall", "classroom", "square"];

/// How much.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// Organisations in all; at least those above the branches.
    pub organisations: usize,
    /// Held sessions.
    pub sessions: usize,
    /// Days that they are spread over, up to yesterday.
    pub days: usize,
}

/// Organisation number `n`: the province, then cities, counties, townships, branches.
pub fn id(n: usize) -> OrganisationId {
    Id::from_u128(n as u128 + 1)
}

/// Number of the superior.
pub fn parent(n: usize) -> Option<usize> {
    let [cities, counties, townships] = LEVELS;
    let (county, township, branch) = (1 + cities, 1 + cities + counties, first_branch());
    match n {
        0 => None,
        n if n < county => Some(0),
        n if n < township => Some(1 + (n - county) % cities),
        n if n < branch => Some(county + (n - township) % counties),
        n => Some(township + (n - branch) % townships),
    }
}

/// Number of the first branch.
pub fn first_branch() -> usize {
    1 + LEVELS.iter().sum::<usize>()
}

/// Plants the tree and the sessions in an empty installation, and counts them.
///
/// # Errors
///
/// When there is something already, or fewer organisations are wanted than stand above the branches.
pub async fn plant(app: &App, scale: Scale, progress: impl Fn(&str)) -> anyhow::Result<()> {
    anyhow::ensure!(app.tree.load().is_empty(), "there are organisations already: --scale wants an empty data folder");
    anyhow::ensure!(scale.organisations > first_branch(), "at least {} organisations", first_branch() + 1);
    plant_tree(app, scale.organisations).await?;
    progress("organisations");
    let teller = teller(app).await?;
    let branches: Vec<_> = (first_branch()..scale.organisations).map(id).collect();
    number(app, &branches).await?;
    let indexes = put_aside(app).await?;
    for at in 0..scale.days {
        hold(app, scale, at, teller).await?;
        if at % 100 == 99 {
            progress(&format!("day {} of {}", at + 1, scale.days));
        }
    }
    build(app, indexes).await?;
    progress("counting");
    count_held(app).await
}

/// Nobody else is here, so nobody misses the indexes while the rows are written.
async fn put_aside(app: &App) -> anyhow::Result<PutAside> {
    let mut tx = app.db.begin().await?;
    let indexes = tx.put_indexes_aside("held_session").await?;
    tx.commit().await?;
    Ok(indexes)
}

async fn build(app: &App, indexes: PutAside) -> anyhow::Result<()> {
    let mut tx = app.db.begin().await?;
    tx.build_indexes(indexes).await?;
    Ok(tx.commit().await?)
}

async fn plant_tree(app: &App, organisations: usize) -> anyhow::Result<()> {
    let clock = app.clock.as_ref();
    let names: Vec<_> = (0..organisations).map(|n| (format!("{n:06}"), format!("单位 {n:06}"))).collect();
    let kind = |n: usize| match n {
        0 => "province",
        n if n <= LEVELS[0] => "city",
        n if n <= LEVELS[0] + LEVELS[1] => "county",
        n if n < first_branch() => "township",
        _ => "branch",
    };
    let add = |(n, (code, name))| (id(n), Change::Add { code, name, kind: kind(n), members: 20, parent: parent(n).map(id) });
    let added: Vec<_> = names.iter().enumerate().map(|(n, (code, name))| add((n, (code.as_str(), name.as_str())))).collect();
    let staging = StagingId::new(clock);
    let mut tx = app.db.begin().await?;
    for some in added.chunks(1_000) {
        Organisations(&mut tx).stage(staging, some, clock).await?;
    }
    Organisations(&mut tx).apply_staged(staging, BEGINNING, clock).await?;
    Organisations(&mut tx).unstage(staging).await?;
    Organisations(&mut tx).bump_revision().await?;
    tx.commit().await?;
    refresh(app).await?;
    Ok(())
}

/// Who registers everything.
async fn teller(app: &App) -> anyhow::Result<AccountId> {
    let grants = vec![kernel::Grant { organisation: id(0), role: kernel::Role::Auditor, reach: kernel::Reach::Subtree }];
    let new = actions::NewAccount { login: "scale".into(), name: "Scale".into(), password: super::PASSWORD.into(), grants };
    actions::create(app, new, None).await.map_err(super::refused)
}

/// The sessions of one day, the last one first being yesterday.
async fn hold(app: &App, scale: Scale, at: usize, teller: AccountId) -> anyhow::Result<()> {
    let first = at * scale.sessions / scale.days;
    let count = (at + 1) * scale.sessions / scale.days - first;
    if count == 0 {
        return Ok(());
    }
    let day = app.today().plus(at as i64 - scale.days as i64);
    let nine = day.start(&app.zone).0 + 9 * 3_600_000;
    let pick = |column: &str, codes: &[&str], divisor: usize| {
        let cases: Vec<_> = codes.iter().enumerate().map(|(n, code)| format!("when {n} then '{code}'")).collect();
        format!("case (i / {divisor}) % {} {} end as {column}", codes.len(), cases.join(" "))
    };
    let sql = format!(
        "with recursive n (i) as (select cast($1 as bigint) union all select i + 1 from n where i < $2)
         insert into held_session (id, organisation, day, held_at, minutes, title, lecturer, lecturer_kind, form, venue_kind, topic,
           people, place, note, state, counted, reason, created_by, created_at, changed_at)
         select 'hs_0000000000000000000000' || substr(cast(10000000000 + i as text), 2), s.organisation, $3, $4 + i % 600 * 60000, 60,
           '讲课 ' || cast(i as text), '讲课人 ' || cast(i % 5000 as text), {}, {}, {}, {}, 5 + i % 90, '', '', 'verified', 1, '', $5, $4, $4
         from n join stat_number s on s.number = (i * 7919) % $6",
        pick("lecturer_kind", &LECTURER_KINDS, 3),
        pick("form", &FORMS, 7),
        pick("venue_kind", &VENUES, 11),
        pick("topic", &TOPICS, 13),
    );
    let branches = scale.organisations - first_branch();
    let mut tx = app.db.begin().await?;
    tx.execute(assembled(sql), args![first, first + count - 1, day.0, nine, teller, branches]).await?;
    Ok(tx.commit().await?)
}
