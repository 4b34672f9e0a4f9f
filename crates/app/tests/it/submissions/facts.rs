//! Everything that the tables say, and the promises that hold whatever happened.

use crate::support::TestApp;
use crate::support::tree::org;
use app::db::Row;
use std::collections::BTreeMap;

const TABLES: [&str; 9] = [
    "select * from submission order by id",
    "select * from hop order by id",
    "select id, campaign, category, organisation, used from quota order by id",
    "select * from place order by id",
    "select * from revision order by submission, number",
    "select * from approval order by submission, revision, step",
    "select * from award order by submission",
    "select * from publication order by lesson",
    "select * from stat_delta order by id",
];

/// What is stored of submissions, and how many acts the audit trail tells.
#[derive(Debug, PartialEq, Eq)]
pub struct Facts {
    rows: Vec<String>,
    pub audited: i64,
}

impl Facts {
    pub async fn read(app: &TestApp) -> Self {
        let mut tx = app.db.read().await.unwrap();
        let mut rows = Vec::new();
        for sql in TABLES {
            rows.extend(tx.fetch_all(sql, vec![]).await.unwrap().iter().map(|row| format!("{row:?}")));
        }
        let audited = tx.fetch_int("select count(*) from audit_record where action like 'submission.%'", vec![]).await.unwrap();
        Self { rows, audited }
    }
}

async fn all(app: &TestApp, sql: &'static str) -> Vec<Row> {
    app.db.read().await.unwrap().fetch_all(sql, vec![]).await.unwrap()
}

/// Checks every promise; `facts` is only what a failure shows.
pub async fn promises_hold(app: &TestApp, facts: &Facts) {
    one_open_hop_iff_in_review(app, facts).await;
    open_places_are_used_places(app, facts).await;
    one_place_per_submission_and_holder(app, facts).await;
    the_holder_is_on_the_route(app).await;
    the_figures_are_the_facts(app, facts).await;
    awards_are_of_what_was_chosen(app, facts).await;
}

async fn one_open_hop_iff_in_review(app: &TestApp, facts: &Facts) {
    let sql = "select s.id, s.state, s.holder, s.revision,
                 (select count(*) from hop h where h.submission = s.id and h.closed_at is null) as open,
                 (select count(*) from hop h where h.submission = s.id and h.closed_at is null and h.holder = s.holder
                    and h.revision = s.revision) as here
               from submission s";
    for row in all(app, sql).await {
        let want = i64::from(row.text("state").unwrap() == "in_review");
        assert_eq!((row.int("open").unwrap(), row.int("here").unwrap()), (want, want), "{row:?} {facts:#?}");
    }
}

async fn open_places_are_used_places(app: &TestApp, facts: &Facts) {
    let sql = "select q.used, coalesce(q.places, 1000000) as places,
                 (select count(*) from place p where p.quota = q.id and p.freed_at is null) as open from quota q";
    for row in all(app, sql).await {
        let (used, open) = (row.int("used").unwrap(), row.int("open").unwrap());
        assert_eq!(used, open, "{row:?} {facts:#?}");
        assert!(used <= row.int("places").unwrap(), "{row:?} {facts:#?}");
    }
}

async fn one_place_per_submission_and_holder(app: &TestApp, facts: &Facts) {
    let sql = "select p.submission, q.organisation, count(*) as n from place p join quota q on q.id = p.quota
               where p.freed_at is null group by p.submission, q.organisation, q.category having count(*) > 1";
    let twice = all(app, sql).await;
    assert!(twice.is_empty(), "{twice:?} {facts:#?}");
}

/// As long as the tree stays as it is: a move may leave a holder beside the way up.
async fn the_holder_is_on_the_route(app: &TestApp) {
    let moved = "select count(*) from audit_record where action = 'organisation.moved'";
    if app.db.read().await.unwrap().fetch_int(moved, vec![]).await.unwrap() > 0 {
        return;
    }
    for row in all(app, "select organisation, holder from submission").await {
        let path = app.tree.load().path_up(row.id("organisation").unwrap());
        assert!(path.contains(&row.id("holder").unwrap()), "{row:?}");
    }
}

async fn the_figures_are_the_facts(app: &TestApp, facts: &Facts) {
    let count = |rows: Vec<Row>| {
        let pairs = rows.into_iter().map(|row| (row.text("what").unwrap(), row.int("n").unwrap()));
        pairs.filter(|(_, n)| *n != 0).collect::<BTreeMap<_, _>>()
    };
    let told = "select dimension as what, cast(sum(amount) as bigint) as n from stat_delta where metric = 'submissions' group by dimension";
    let true_ = "select state as what, count(*) as n from submission where submitted_at is not null group by state";
    assert_eq!(count(all(app, told).await), count(all(app, true_).await), "submissions by state {facts:#?}");

    let told = "select metric as what, cast(sum(amount) as bigint) as n from stat_delta
                where metric in ('recommendations', 'published') group by metric";
    let held = format!(
        "select 'recommendations' as what, count(*) as n from place p join quota q on q.id = p.quota
           where p.freed_at is null and q.organisation <> '{}'
         union all select 'published' as what, count(*) as n from publication where unpublished_at is null",
        org("province")
    );
    let held = app.db.read().await.unwrap().fetch_all(app::db::assembled(held), vec![]).await.unwrap();
    assert_eq!(count(all(app, told).await), count(held), "recommendations and publications {facts:#?}");

    let told = "select dimension as what, cast(sum(amount) as bigint) as n from stat_delta where metric = 'awards' group by dimension";
    let true_ = "select level as what, count(*) as n from award group by level";
    assert_eq!(count(all(app, told).await), count(all(app, true_).await), "awards by level {facts:#?}");
}

/// And the library shows them, where it shows the lesson.
async fn awards_are_of_what_was_chosen(app: &TestApp, facts: &Facts) {
    let lost = "select a.submission from award a join submission s on s.id = a.submission where s.state not in ('selected', 'published')";
    let shown = "select p.lesson from publication p left join award a on a.submission = p.submission
                 where p.unpublished_at is null and p.award <> coalesce(a.level, '')";
    for sql in [lost, shown] {
        let wrong = all(app, sql).await;
        assert!(wrong.is_empty(), "{sql}: {wrong:?} {facts:#?}");
    }
}
