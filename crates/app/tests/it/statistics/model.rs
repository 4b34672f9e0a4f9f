//! The same tree and facts kept naively: a list of edges, a list of facts, and loops.

use super::held::Held;
use crate::support::tree::PASSWORD;
use crate::support::{Client, MONDAY, TestApp};
use app::accounts::{self, actions::NewAccount};
use app::db::Value;
use app::deltas::{self, Day, Fact, Metric};
use app::organisations::{self, BEGINNING, Edge, MAIN_LINE, OrganisationId, Organisations};
use app::statistics::{self, Figures, Period};
use kernel::{Grant, Id, Reach, Role, Timestamp};

/// Days that things happen on: this many, the first being [`MONDAY`]'s.
pub const DAYS: i64 = 100;
const HOUR: i64 = 3_600_000;

/// The calendar day `n` days after Monday.
pub fn day(n: i64) -> Day {
    Day(20_261_123).plus(n)
}

/// The hour of day `n`; the installation's zone is UTC+8.
pub fn instant(n: i64, hour: i64) -> Timestamp {
    MONDAY.plus_days(n).plus_ms((hour - 9) * HOUR)
}

pub struct RawEdge {
    child: usize,
    parent: Option<usize>,
    from: Timestamp,
    to: Option<Timestamp>,
}

pub struct Model {
    pub app: TestApp,
    pub ids: Vec<OrganisationId>,
    edges: Vec<RawEdge>,
    facts: Vec<(usize, i64, Metric, &'static str, i64)>,
    pub held: Vec<Held>,
    /// Refolds that are queued: organisation and first day.
    refolds: Vec<(usize, Day)>,
}

impl Model {
    /// Organisations whose parents come before them; those without one are roots.
    pub async fn new(app: TestApp, parents: &[Option<usize>]) -> Self {
        let ids: Vec<OrganisationId> = (0..parents.len()).map(|n| Id::from_u128(0x2000 + n as u128)).collect();
        let mut tx = app.db.begin().await.unwrap();
        for (n, parent) in parents.iter().enumerate() {
            let parent = parent.map(|p| ids[p]);
            let code = format!("{n:04}");
            Organisations(&mut tx).insert_plain(ids[n], &code, &code, "branch", 1, parent, BEGINNING, app.clock.as_ref()).await.unwrap();
        }
        Organisations(&mut tx).bump_revision().await.unwrap();
        tx.commit().await.unwrap();
        let edge = |(child, parent): (usize, &Option<usize>)| RawEdge { child, parent: *parent, from: BEGINNING, to: None };
        let edges = parents.iter().enumerate().map(edge).collect();
        Self { app, ids, edges, facts: Vec::new(), held: Vec::new(), refolds: Vec::new() }
    }

    pub fn parent(&self, child: usize, n: i64) -> Option<usize> {
        let end = instant(n, 24);
        let held = |e: &&RawEdge| e.child == child && e.from < end && e.to.is_none_or(|to| to >= end);
        let mut held = self.edges.iter().filter(held);
        let edge = held.next().expect("an edge on every day");
        assert!(held.next().is_none(), "two edges at once");
        edge.parent
    }

    pub fn is_in(&self, mut at: usize, top: usize, n: i64) -> bool {
        while at != top {
            match self.parent(at, n) {
                Some(parent) => at = parent,
                None => return false,
            }
        }
        true
    }

    /// Posts one fact.
    pub async fn fact(&mut self, who: usize, n: i64, metric: Metric, dimension: &'static str, amount: i64) {
        let mut tx = self.app.db.begin().await.unwrap();
        deltas::post(&mut tx, self.app.clock.as_ref(), self.ids[who], day(n), metric, dimension, amount).await.unwrap();
        tx.commit().await.unwrap();
        self.facts.push((who, n, metric, dimension, amount));
    }

    /// Moves `child` below `parent` for good, from that hour on, unless that would close a circle; queues the refold.
    pub async fn moves(&mut self, child: usize, parent: usize, n: i64, hour: i64) {
        if (n..=DAYS + 1).any(|day| self.is_in(parent, child, day)) {
            return;
        }
        let at = instant(n, hour);
        for edge in self.edges.iter_mut().filter(|e| e.child == child) {
            if edge.from >= at {
                edge.to = Some(edge.from);
            } else if edge.to.is_none_or(|to| to > at) {
                edge.to = Some(at);
            }
        }
        self.edges.push(RawEdge { child, parent: Some(parent), from: at, to: None });
        let id = || Value::from(self.ids[child]);
        let at = || Value::from(at);
        let mut tx = self.app.db.begin().await.unwrap();
        tx.execute("update organisation_edge set to_at = from_at where child = $1 and from_at >= $2", vec![id(), at()]).await.unwrap();
        let end = "update organisation_edge set to_at = $2 where child = $1 and from_at < $2 and (to_at is null or to_at > $2)";
        tx.execute(end, vec![id(), at()]).await.unwrap();
        let add = "insert into organisation_edge (id, child, parent, line, from_at) values ($1, $2, $3, $4, $5)";
        let edge = Id::<Edge>::new(self.app.clock.as_ref());
        tx.execute(add, vec![edge.into(), id(), self.ids[parent].into(), MAIN_LINE.into(), at()]).await.unwrap();
        Organisations(&mut tx).bump_revision().await.unwrap();
        tx.commit().await.unwrap();
        self.refolds.push((child, day(n)));
    }

    /// Moves all children that `from` has at the end of that day below `into`.
    pub async fn merge(&mut self, from: usize, into: usize, n: i64, hour: i64) {
        let children: Vec<_> = (0..self.ids.len()).filter(|c| self.parent(*c, n) == Some(from)).collect();
        for child in children {
            self.moves(child, into, n, hour).await;
        }
    }

    /// Does the refolds that wait, all at once as after an import.
    pub async fn refold(&mut self) {
        let waiting = std::mem::take(&mut self.refolds);
        if let Some(first) = waiting.iter().map(|(_, first)| *first).min() {
            let moved: Vec<_> = waiting.iter().map(|(who, _)| (self.ids[*who], None)).collect();
            statistics::refold(&self.app, &moved, first).await.unwrap();
        }
    }

    pub fn counted(&self, days: std::ops::RangeInclusive<i64>, counts: impl Fn(usize, i64) -> bool) -> Figures {
        let mut figures = Figures::default();
        for (_, _, metric, dimension, amount) in self.facts.iter().filter(|(who, n, ..)| days.contains(n) && counts(*who, *n)) {
            figures.add(*metric, dimension, *amount);
        }
        for held in self.held.iter().filter(|held| held.counted && days.contains(&held.n) && counts(held.who, held.n)) {
            figures.add_with_traits(Metric::Sessions, held.dimension, 1);
            figures.add_with_traits(Metric::Attendances, held.dimension, held.people);
        }
        figures
    }

    /// Compares every organisation's report of these days, and of the equally many before, with counting one by one.
    pub async fn check(&mut self, first: i64, last: i64) {
        self.refold().await;
        let period = Period::new(day(first), day(last)).unwrap();
        let before = first - (last - first + 1);
        for top in 0..self.ids.len() {
            let mut tx = self.app.db.read().await.unwrap();
            let periods = [period, period.previous()];
            let report = statistics::report(&self.app, &mut tx, self.ids[top], &periods, &Metric::ALL).await.unwrap();
            for (bucket, days) in [first..=last, before..=first - 1].into_iter().enumerate() {
                let say = format!("{top} over {days:?}");
                assert_eq!(report.total[bucket], self.counted(days.clone(), |who, n| self.is_in(who, top, n)), "{say}");
                assert_eq!(report.own[bucket], self.counted(days.clone(), |who, _| who == top), "own of {say}");
                for child in 0..self.ids.len() {
                    let below = |who: usize, n: i64| self.parent(child, n) == Some(top) && self.is_in(who, child, n);
                    let found = report.children.get(&self.ids[child]).map(|part| part[bucket].clone()).unwrap_or_default();
                    assert_eq!(found, self.counted(days.clone(), below), "child {child} of {say}");
                }
            }
            drop(tx);
            self.check_now(top, period).await;
            self.check_reach(top, period).await;
        }
    }

    /// Somebody who may do in all organisations `of` what `role` may.
    pub async fn somebody(&self, login: &str, role: Role, of: &[usize]) -> Client {
        organisations::refresh(&self.app.app).await.unwrap();
        let grant = |n: &usize| Grant { organisation: self.ids[*n], role, reach: Reach::Subtree };
        let grants = of.iter().map(grant).collect();
        let new = NewAccount { login: login.into(), name: login.into(), password: PASSWORD.into(), grants };
        accounts::actions::create(&self.app, new, None).await.unwrap();
        self.app.anonymous().signed_in(login, PASSWORD).await
    }

    /// The facts as a recount reads them.
    pub fn facts(&self) -> Vec<Fact> {
        let fact = |(who, n, metric, dimension, amount): &(usize, i64, Metric, &'static str, i64)| Fact {
            organisation: self.ids[*who],
            day: day(*n),
            metric: *metric,
            dimension: (*dimension).to_owned(),
            amount: *amount,
        };
        self.facts.iter().map(fact).chain(self.held.iter().filter(|held| held.counted).flat_map(|held| held.facts(&self.ids))).collect()
    }

    /// Day by day, the roots of the day hold every fact there is.
    pub async fn check_roots(&self) {
        let periods: Vec<_> = (0..DAYS).map(|n| Period::new(day(n), day(n)).unwrap()).collect();
        let mut roots = vec![Figures::default(); periods.len()];
        for who in 0..self.ids.len() {
            let mut tx = self.app.db.read().await.unwrap();
            let report = statistics::report(&self.app, &mut tx, self.ids[who], &periods, &Metric::ALL).await.unwrap();
            for n in (0..DAYS).filter(|n| self.parent(who, *n).is_none()) {
                for metric in Metric::ALL {
                    report.total[n as usize].of(metric).for_each(|(part, amount)| roots[n as usize].add(metric, part, amount));
                }
            }
        }
        let all: Vec<_> = (0..DAYS).map(|n| self.counted(n..=n, |_, _| true)).collect();
        assert_eq!(roots, all);
    }
}
