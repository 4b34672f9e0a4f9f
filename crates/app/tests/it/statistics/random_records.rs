//! Every figure leads to exactly its records (F7), after a random life of a random tree.

use super::model::{DAYS, Model, day, instant};
use crate::support::{TestApp, both};
use app::campaigns::{CampaignId, CategoryId};
use app::db::Value;
use app::deltas::Metric;
use app::lessons::LessonId;
use app::organisations::OrganisationId;
use app::rooms::{QuestionId, QuestionState};
use app::statistics::records::{self, Narrowed};
use app::statistics::{self, Asked, Period};
use app::submissions::{AwardLevel, PlaceId, QuotaId, State, SubmissionId};
use app::watching::{Played, Watching};
use app::web::Cursor;
use kernel::{AccountId, Actor, Grant, Id, Reach, Role, Timestamp};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use std::collections::BTreeSet;

const ORGANISATIONS: usize = 12;
const STATES: [State; 3] = [State::InReview, State::Returned, State::Selected];

#[derive(Debug, Clone)]
enum Step {
    Record { who: usize, n: i64, hour: i64, kind: usize, amount: i64 },
    Move { child: usize, parent: usize, n: i64, hour: i64 },
    Merge { from: usize, into: usize, n: i64, hour: i64 },
    Drain,
}

fn step() -> impl Strategy<Value = Step> {
    let who = || 0..ORGANISATIONS;
    let record = (who(), 0..DAYS, 0i64..24, 0usize..11, 1i64..9);
    prop_oneof![
        14 => record.prop_map(|(who, n, hour, kind, amount)| Step::Record { who, n, hour, kind, amount }),
        2 => (who(), who(), 0..DAYS, 0i64..24).prop_map(|(child, parent, n, hour)| Step::Move { child, parent, n, hour }),
        1 => (who(), who(), 0..DAYS, 0i64..24).prop_map(|(from, into, n, hour)| Step::Merge { from, into, n, hour }),
        1 => Just(Step::Drain),
    ]
}

/// A life with its records: rows of the tables, and the same facts in the model.
struct Life {
    model: Model,
    lessons: Vec<(usize, LessonId)>,
}

impl Life {
    async fn new(app: TestApp, parents: &[Option<usize>]) -> Self {
        let life = Self { model: Model::new(app, parents).await, lessons: Vec::new() };
        app::organisations::refresh(&life.model.app.app).await.unwrap();
        let (at, text) = (|| Value::from(instant(0, 0)), |text: &str| Value::from(text));
        let (runner, other) = (life.model.ids[0], life.model.ids[1]);
        let columns = "id, organisation, code, title, theme, state, opens_at, closes_at, zone, created_by, created_at";
        let values = [text("c"), text("c"), text(""), text("open"), at(), at(), text("UTC"), account(), at()];
        life.insert("campaign", columns, [vec![call().into(), runner.into()], values.into()].concat()).await;
        let values = vec![category().into(), call().into(), text("c"), text("c"), 0.into(), text("{}")];
        life.insert("category", "id, campaign, code, name, position, rules", values).await;
        for (n, whose) in [runner, other].into_iter().enumerate() {
            let values = vec![quota(n).into(), call().into(), category().into(), whose.into()];
            life.insert("quota", "id, campaign, category, organisation", values).await;
        }
        life
    }

    async fn insert(&self, table: &str, columns: &str, values: Vec<Value>) {
        let places: Vec<_> = (1..=values.len()).map(|n| format!("${n}")).collect();
        let sql = format!("insert into {table} ({columns}) values ({})", places.join(", "));
        let mut tx = self.model.app.db.begin().await.unwrap();
        tx.execute(app::db::assembled(sql), values).await.unwrap_or_else(|e| panic!("{table}: {e}"));
        tx.commit().await.unwrap();
    }

    async fn lesson(&mut self, who: usize, n: i64, at: Timestamp) -> LessonId {
        let id = LessonId::new(self.model.app.clock.as_ref());
        let text = |text: &str| Value::from(text);
        let columns =
            "id, organisation, title, lecturer, lecturer_kind, topic, form, held_on, abstract, script, chapters, created_by, created_at";
        let words = ["t", "l", "", "", "", "", "", "", "[]"].map(text);
        let whose = vec![id.into(), self.model.ids[who].into()];
        self.insert("lesson", columns, [whose, words.into(), vec![account(), at.into()]].concat()).await;
        self.model.fact(who, n, Metric::Lessons, "", 1).await;
        self.lessons.push((who, id));
        id
    }

    async fn publish(&mut self, who: usize, n: i64, at: Timestamp, taken_back: bool) {
        let lesson = self.lesson(who, n, at).await;
        let columns = "lesson, organisation, published_at, unpublished_at, submission, campaign, category, material, title, lecturer,
                       lecturer_kind, topic, form, level, year, duration_ms, abstract, script, chapters, search";
        let until = if taken_back { Value::from(at) } else { Value::Int(None) };
        let texts = || Value::from("");
        let first = vec![lesson.into(), self.model.ids[who].into(), at.into(), until];
        let rest = [vec![texts(); 9], vec![0.into(); 3], vec![texts(); 2], vec![Value::from("[]"), texts()]].concat();
        self.insert("publication", columns, [first, rest].concat()).await;
        if !taken_back {
            self.model.fact(who, n, Metric::Published, "", 1).await;
        }
    }

    /// Handed in then, or a draft.
    async fn submission(&mut self, who: usize, n: i64, at: Option<Timestamp>, state: State) -> SubmissionId {
        let lesson = self.lesson(who, n, instant(n, 3)).await;
        let id = SubmissionId::new(self.model.app.clock.as_ref());
        let columns =
            "id, campaign, category, lesson, organisation, holder, state, consents, submitted_at, created_by, created_at, updated_at";
        let whose = self.model.ids[who];
        let ids = vec![id.into(), call().into(), category().into(), lesson.into(), whose.into(), whose.into()];
        let rest = vec![state.code().into(), "[]".into(), at.into(), "".into(), instant(n, 3).into(), instant(n, 3).into()];
        self.insert("submission", columns, [ids, rest].concat()).await;
        if at.is_some() {
            self.model.fact(who, n, Metric::Submissions, state.code(), 1).await;
        }
        id
    }

    async fn award(&mut self, who: usize, n: i64, at: Timestamp, level: AwardLevel) {
        let submission = self.submission(who, n, Some(at), State::Published).await;
        let values = vec![submission.into(), level.code().into(), account(), at.into()];
        self.insert("award", "submission, level, given_by, given_at", values).await;
        self.model.fact(who, n, Metric::Awards, level.code(), 1).await;
    }

    /// A recommendation, or (`of` is 0) a selection, or one given back.
    async fn place(&mut self, who: usize, n: i64, at: Timestamp, of: usize, freed: bool) {
        let submission = self.submission(who, n, Some(at), State::InReview).await;
        let until = if freed { Value::from(at) } else { Value::Int(None) };
        let id = PlaceId::new(self.model.app.clock.as_ref());
        let values = vec![id.into(), quota(of).into(), submission.into(), at.into(), until];
        self.insert("place", "id, quota, submission, taken_at, freed_at", values).await;
        if of != 0 && !freed {
            self.model.fact(who, n, Metric::Recommendations, "", 1).await;
        }
    }

    /// Views of some earlier lesson, for its own organisation.
    async fn views(&mut self, n: i64, pick: usize, amount: i64) {
        let Some((who, lesson)) = self.lessons.get(pick % self.lessons.len().max(1)).copied() else { return };
        let days = [((lesson, day(n), self.model.ids[who]), Played { views: amount, watch_s: amount * 40 })];
        let mut tx = self.model.app.db.begin().await.unwrap();
        Watching(&mut tx).add_days(days.into()).await.unwrap();
        tx.commit().await.unwrap();
        self.model.fact(who, n, Metric::Views, "", amount).await;
        self.model.fact(who, n, Metric::WatchSeconds, "", amount * 40).await;
    }

    /// A question about some earlier lesson, for its own organisation.
    async fn question(&mut self, n: i64, hour: i64, pick: usize, state: QuestionState) {
        let Some((who, lesson)) = self.lessons.get(pick % self.lessons.len().max(1)).copied() else { return };
        let id = QuestionId::new(self.model.app.clock.as_ref());
        let texts = ["l", "What about water?", &id.to_string(), state.code()].map(Value::from);
        let values = [vec![id.into(), lesson.into(), account()], texts.into(), vec![instant(n, hour).into()]].concat();
        self.insert("question", "id, lesson, account, name, text, client_id, state, asked_at", values).await;
        if state.counts() {
            self.model.fact(who, n, Metric::Questions, "", 1).await;
        }
    }

    async fn live(&mut self, step: Step) {
        match step {
            Step::Record { who, n, hour, kind, amount } => {
                let (at, odd) = (instant(n, hour), amount % 3 == 0);
                match kind {
                    0 => drop(self.lesson(who, n, at).await),
                    1 => self.publish(who, n, at, odd).await,
                    2 | 3 => drop(self.submission(who, n, (!odd).then_some(at), STATES[amount as usize % 3]).await),
                    4 | 5 => self.place(who, n, at, usize::from(amount > 2), odd).await,
                    8 => {
                        self.question(n, hour, who + amount as usize, QuestionState::ALL[amount as usize % QuestionState::ALL.len()]).await;
                    }
                    9 => self.award(who, n, at, AwardLevel::ALL[amount as usize % AwardLevel::ALL.len()]).await,
                    6 | 7 => self.model.held(who, n, hour, amount as usize % 4, amount).await,
                    _ => self.views(n, who + amount as usize, amount).await,
                }
            }
            Step::Move { child, parent, n, hour } => self.model.moves(child, parent, n, hour).await,
            Step::Merge { from, into, n, hour } => self.model.merge(from, into, n, hour).await,
            Step::Drain => drop(statistics::drain(&self.model.app).await.unwrap()),
        }
    }

    /// Every figure of every organisation, line and state over these days equals what its pages hold, each record once.
    async fn check(&mut self, first: i64, last: i64) {
        self.model.refold().await;
        let period = Period::new(day(first), day(last)).unwrap();
        for top in self.model.ids.clone() {
            let mut tx = self.model.app.db.read().await.unwrap();
            let report = statistics::report(&self.model.app, &mut tx, top, &[period], &Metric::ALL).await.unwrap();
            drop(tx);
            let children = report.children.iter().map(|(child, part)| (child.to_string(), &part[0]));
            let lines = [(String::new(), &report.total[0]), ("itself".to_owned(), &report.own[0])].into_iter().chain(children);
            for (part, figures) in lines {
                for metric in Metric::ALL {
                    let asked = asked(top, metric, period);
                    self.expect(&asked, &part, "", figures.total(metric)).await;
                    for (dimension, figure) in figures.of(metric).filter(|(dimension, _)| !dimension.is_empty()) {
                        if metric.has_traits() {
                            let only = Asked { only: dimension.to_owned(), ..asked.clone() };
                            self.expect(&only, &part, "", figure).await;
                        } else {
                            self.expect(&asked, &part, dimension, figure).await;
                        }
                    }
                }
            }
        }
    }

    async fn expect(&self, asked: &Asked, part: &str, state: &str, figure: i64) {
        let narrowed = Narrowed { part: part.to_owned(), state: state.to_owned(), ..Narrowed::default() };
        let say = || format!("{} of {part:?} {state:?} below {} from {} to {}", asked.metric, asked.organisation, asked.from, asked.to);
        let (mut cursor, mut sum, mut seen) = (Cursor::default(), 0, BTreeSet::new());
        loop {
            let page = records::page(&self.model.app.app, &self.everywhere(), asked, &narrowed, &cursor).await.unwrap();
            assert_eq!(page.figure, figure, "{}", say());
            for record in page.page.items {
                let shown = record.shown.expect("everything is the reader's");
                let lesson = || shown.lesson.map(|id| id.to_string());
                let id = shown.question.map(|id| id.to_string()).or(shown.submission.map(|id| id.to_string()));
                let id = id.or(shown.held_session.clone()).or_else(lesson);
                // A submission may hold two places; nothing else is listed twice.
                assert!(seen.insert(id), "twice in {}", say());
                sum += record.amount;
            }
            let Some(next) = page.page.next else { break };
            cursor.after = next;
        }
        assert_eq!(sum, figure, "{}", say());
    }

    /// Somebody who may see all figures and records.
    fn everywhere(&self) -> Actor {
        let grant = |organisation: &_| Grant { organisation: *organisation, role: Role::Auditor, reach: Reach::Subtree };
        Actor { account: Id::from_u128(1), grants: self.model.ids.iter().map(grant).collect(), scopes: None }
    }
}

fn account() -> Value {
    AccountId::from_u128(1).into()
}

fn call() -> CampaignId {
    Id::from_u128(1)
}

fn category() -> CategoryId {
    Id::from_u128(1)
}

fn quota(n: usize) -> QuotaId {
    Id::from_u128(n as u128 + 1)
}

fn asked(organisation: OrganisationId, metric: Metric, period: Period) -> Asked {
    let text = |day: app::deltas::Day| day.date().unwrap().to_string();
    Asked {
        organisation: organisation.to_string(),
        metric: metric.code().to_owned(),
        from: text(period.first),
        to: text(period.last),
        ..Asked::default()
    }
}

fn parents() -> impl Strategy<Value = Vec<Option<usize>>> {
    proptest::collection::vec(any::<prop::sample::Index>(), ORGANISATIONS)
        .prop_map(|picks| picks.iter().enumerate().map(|(n, p)| (n > 0).then(|| p.index(n))).collect())
}

/// After random records, moves and merges on random days: the pages of records of every figure hold as many as it says, or
/// the sum that it says.
#[tokio::test]
async fn f7_every_figure_equals_its_records_through_moves_and_merges() {
    both(async |app| {
        let mut runner = TestRunner::deterministic();
        let parents = parents().new_tree(&mut runner).unwrap().current();
        let steps = proptest::collection::vec(step(), 170..180).new_tree(&mut runner).unwrap().current();
        let mut life = Life::new(app, &parents).await;
        for step in steps {
            life.live(step).await;
        }
        life.check(0, DAYS).await;
        life.check(20, 61).await;
    })
    .await;
}
