//! A closed month: changes say why and show as adjustments; as closed is what is now, less these.

use super::figures;
use crate::support::both;
use crate::support::held::{fields, id, save_of, save_over};
use crate::support::tree::org;
use app::deltas::Day;
use app::held_sessions::SessionFields;
use app::held_sessions::actions::{self, Save};
use kernel::Role;

fn october(people: i64) -> SessionFields {
    SessionFields { held_at: "2026-10-15T19:30".into(), people, ..fields() }
}

#[tokio::test]
async fn f8_after_closing_a_change_says_why_and_is_an_adjustment() {
    both(async |app| {
        let app = app.with_tree().await;
        let clerk = app.somebody("clerk", Role::Clerk, "branch-a").await;
        let above = app.somebody("above", Role::Reviewer, "county-a").await;
        let one = app.saved(&clerk, save_of(id(1), "branch-a", october(20))).await;
        let refused = async |month| actions::close_month(&app, &above, org("county-a"), month).await.unwrap_err().code;
        assert_eq!([refused(202_611).await, refused(202_613).await, refused(0).await], ["invalid"; 3], "this month is not over");
        let as_closed: i64 = figures::posted(&app).await.values().sum();
        actions::close_month(&app, &above, org("county-a"), 202_610).await.unwrap();
        assert_eq!(refused(202_610).await, "month-closed-already");
        assert_eq!(app.refused(&clerk, save_over(one.id, "branch-a", 1, october(25))).await, "invalid");
        assert_eq!(app.refused(&clerk, save_of(id(2), "branch-a", october(5))).await, "invalid");
        let because = |save| Save { reason: "counted again".into(), ..save };
        app.saved(&clerk, because(save_over(one.id, "branch-a", 1, october(25)))).await;
        // Out of October, into November: one adjustment, for October alone.
        app.saved(&clerk, because(save_over(one.id, "branch-a", 2, fields()))).await;
        app.saved(&clerk, because(save_of(id(2), "branch-a", october(5)))).await;
        let told = actions::adjustments(&app, &above, org("county-a"), (Day(20_261_001), Day(20_261_031))).await.unwrap();
        let mut changes: Vec<_> = told.iter().map(|one| (one.sessions, one.people)).collect();
        changes.sort_unstable();
        assert_eq!(changes, [(-1, -25), (0, 5), (1, 5)]);
        assert!(told.iter().all(|one| one.reason == "counted again" && one.account == clerk.account));
        let october = |(_, day, ..): &(_, Day, _, _)| day.month() == 202_610;
        let now: i64 = figures::posted(&app).await.iter().filter(|(key, _)| october(key)).map(|(_, amount)| amount).sum();
        assert_eq!(now - told.iter().map(|one| one.sessions + one.people).sum::<i64>(), as_closed);
        assert_eq!(figures::posted(&app).await, figures::recounted(&app).await);
    })
    .await;
}

#[tokio::test]
async fn f8_closing_reaches_down_and_never_beside() {
    both(async |app| {
        let app = app.with_tree().await;
        let own = app.somebody("own", Role::Clerk, "township-a").await;
        let beside = app.somebody("beside", Role::Clerk, "branch-c").await;
        actions::close_month(&app, &own, org("township-a"), 202_610).await.unwrap();
        assert_eq!(app.refused(&own, save_of(id(1), "branch-b", october(5))).await, "invalid");
        app.saved(&beside, save_of(id(2), "branch-c", october(5))).await;
        assert_eq!(actions::close_month(&app, &beside, org("township-a"), 202_609).await.unwrap_err().code, "not-found");
        let seen = async |who, code| actions::closed_months(&app, who, org(code), 10).await.map(|months| months.len()).map_err(|p| p.code);
        assert_eq!(seen(&own, "branch-a").await, Ok(1), "a branch is told what its township closed");
        assert_eq!(seen(&beside, "branch-c").await, Ok(0));
        assert_eq!(seen(&beside, "branch-a").await, Err("not-found"));
        let adjusted = actions::adjustments(&app, &beside, org("township-a"), (Day(0), Day(99_991_231))).await;
        assert_eq!(adjusted.unwrap_err().code, "not-found");
    })
    .await;
}
