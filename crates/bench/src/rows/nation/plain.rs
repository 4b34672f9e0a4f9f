//! The same sessions as rows of a plain table, by the arithmetic of [`app::demo::scale`], and the question in plain SQL.

use app::db::{Db, assembled};
use app::demo::scale::{Scale, first_branch};
use app::lessons::rules::FORMS;
use app::state::App;
use app::statistics::Period;
use std::collections::BTreeMap;

/// City, month as `yyyymm` and form to sessions.
pub type Answer = BTreeMap<(i64, i64, String), i64>;

/// Whose dialect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Divides whole numbers by `//`.
    DuckDb,
    /// Divides them by `/`.
    Postgres,
}

/// Makes the table: what an analyst would load, the city of each session beside it.
pub fn create(app: &App, scale: Scale, engine: Engine) -> String {
    let Scale { organisations, sessions, days } = scale;
    let (branches, forms) = (organisations - first_branch(), FORMS.map(|form| format!("'{form}'")).join(", "));
    let (by, numbers, listed, day) = match engine {
        Engine::DuckDb => ("//", format!("range({sessions}) as n (i)"), format!("[{forms}]"), "cast(strftime(%, '%Y%m%d') as int)"),
        Engine::Postgres => (
            "/",
            format!("generate_series(0::bigint, {sessions} - 1) as n (i)"),
            format!("(array[{forms}])"),
            "cast(to_char(%, 'YYYYMMDD') as int)",
        ),
    };
    let first = app.today().plus(-(days as i64)).0;
    let date = format!(
        "(date '{}-{:02}-{:02}' + cast(((i + 1) * {days} - 1) {by} {sessions} as int))",
        first / 10_000,
        first / 100 % 100,
        first % 100
    );
    let day = day.replacen('%', &date, 1);
    format!(
        "create table fact as select 1 + ((i * 7919) % {branches} % 1703 % 126 % 13) as city, (i * 7919) % {branches} as branch, {day} as day,
         {listed}[cast(i {by} 7 % {} as int) + 1] as form, cast(5 + i % 90 as int) as people from {numbers}",
        FORMS.len()
    )
}

/// City × month × form over the months, both dialects.
pub fn question(months: &[Period]) -> String {
    let (first, last) = (months.first().map_or(0, |p| p.first.0), months.last().map_or(0, |p| p.last.0));
    format!(
        "select city, cast(floor(day / 100.0) as int) as month, form, count(*) as sessions from fact
         where day between {first} and {last} group by 1, 2, 3"
    )
}

/// What Postgres answers, through the driver that ours uses.
pub async fn ask(peer: &Db, question: &str) -> anyhow::Result<Answer> {
    let mut tx = peer.read().await?;
    let rows = tx.fetch_all(assembled(question.to_owned()), vec![]).await?;
    rows.iter().map(|row| Ok(((row.int("city")?, row.int("month")?, row.text("form")?), row.int("sessions")?))).collect()
}

/// Rows as an answer.
pub fn answer(rows: Vec<(i64, i64, String, i64)>) -> Answer {
    rows.into_iter().map(|(city, month, form, sessions)| ((city, month, form), sessions)).collect()
}
