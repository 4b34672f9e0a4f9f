//! Held sessions in the model: rows of the table with their deltas, the lens of today, and how far they reached.

use super::model::{DAYS, Model, day, instant};
use app::db::Value;
use app::deltas::{self, Fact, Metric};
use app::organisations::OrganisationId;
use app::statistics::{self, Lens, Period, Reached};
use kernel::AccountId;
use std::collections::BTreeSet;

/// Form, lecturer, venue and topic; not every session tells all of them.
const KINDS: [&str; 4] = ["lecture|teacher|hall|history", "story|model|hall|", "lecture||room|law", "||| "];

pub struct Held {
    id: String,
    pub who: usize,
    pub n: i64,
    pub dimension: &'static str,
    pub people: i64,
    pub counted: bool,
}

impl Held {
    pub fn facts(&self, ids: &[OrganisationId]) -> [Fact; 2] {
        let fact =
            |metric, amount| Fact { organisation: ids[self.who], day: day(self.n), metric, dimension: self.dimension.to_owned(), amount };
        [fact(Metric::Sessions, 1), fact(Metric::Attendances, self.people)]
    }
}

impl Model {
    /// Registers a session.
    pub async fn held(&mut self, who: usize, n: i64, hour: i64, kind: usize, people: i64) {
        let held = Held { id: format!("hs_{:032x}", self.held.len()), who, n, dimension: KINDS[kind].trim_end(), people, counted: true };
        let traits: Vec<_> = held.dimension.split('|').collect();
        let mut tx = self.app.db.begin().await.unwrap();
        let account = || Value::from(AccountId::from_u128(1));
        let sql = "insert into account (id, login, name, password_hash, state, created_at) values ($1, 'teller', 'teller', '', 'active', 0) on conflict (id) do nothing";
        tx.execute(sql, vec![account()]).await.unwrap();
        let sql = "insert into held_session (id, organisation, day, held_at, minutes, title, lecturer, lecturer_kind, form, venue_kind, topic, people,
                     place, note, state, counted, reason, created_by, created_at, changed_at)
                   values ($1, $2, $3, $4, 60, 't', 'l', $5, $6, $7, $8, $9, '', '', 'registered', 1, '', $10, $4, $4)";
        let text = |at: usize| Value::from(traits[at]);
        let first = vec![Value::from(held.id.as_str()), self.ids[who].into(), day(n).0.into(), instant(n, hour).into()];
        let rest = vec![text(1), text(0), text(2), text(3), people.into(), account()];
        tx.execute(sql, [first, rest].concat()).await.unwrap();
        self.post(&mut tx, &held, 1).await;
        tx.commit().await.unwrap();
        self.held.push(held);
    }

    /// Takes one back.
    pub async fn voided(&mut self, which: usize) {
        if self.held.get(which).is_none_or(|held| !held.counted) {
            return;
        }
        self.held[which].counted = false;
        let mut tx = self.app.db.begin().await.unwrap();
        let id = Value::from(self.held[which].id.as_str());
        tx.execute("update held_session set counted = 0, state = 'void' where id = $1", vec![id]).await.unwrap();
        self.post(&mut tx, &self.held[which], -1).await;
        tx.commit().await.unwrap();
    }

    async fn post(&self, tx: &mut app::db::Tx, held: &Held, sign: i64) {
        for fact in held.facts(&self.ids) {
            let amount = sign * fact.amount;
            deltas::post(tx, self.app.clock.as_ref(), fact.organisation, fact.day, fact.metric, &fact.dimension, amount).await.unwrap();
        }
    }

    /// The day whose tree the second lens sees.
    fn today(&self) -> i64 {
        (0..DAYS).find(|n| day(*n) == self.app.today()).expect("today is a day of the model")
    }

    /// Through the tree of today every fact counts for whoever stands above now.
    pub async fn check_now(&self, top: usize, period: Period) {
        let today = self.today();
        let days = (0..DAYS + 2).filter(|n| period.has(day(*n)));
        let (Some(first), Some(last)) = (days.clone().min(), days.max()) else { return };
        let mut tx = self.app.db.read().await.unwrap();
        let report = statistics::report_now(&self.app, &mut tx, self.ids[top], &[period], &Metric::ALL).await.unwrap();
        let say = format!("{top} from {first} to {last} as of today");
        assert_eq!(report.total[0], self.counted(first..=last, |who, _| self.is_in(who, top, today)), "{say}");
        assert_eq!(report.own[0], self.counted(first..=last, |who, _| who == top), "own of {say}");
        for child in (0..self.ids.len()).filter(|child| self.parent(*child, today) == Some(top)) {
            let wanted = self.counted(first..=last, |who, _| self.is_in(who, child, today));
            let found = report.children.get(&self.ids[child]).map(|part| part[0].clone()).unwrap_or_default();
            assert_eq!(found, wanted, "child {child} of {say}");
        }
    }

    /// Different organisations, and those without subordinates, by both lenses.
    pub async fn check_reach(&self, top: usize, period: Period) {
        for lens in [Lens::Then, Lens::Now] {
            let mut tx = self.app.db.read().await.unwrap();
            let found = statistics::reach(&self.app, &mut tx, self.ids[top], lens, &[period], period).await.unwrap();
            let end =
                if lens == Lens::Now { self.today() } else { (0..=2 * DAYS).find(|n| day(*n) == period.last).expect("a day of the model") };
            let tree_of = |n: i64| if lens == Lens::Now { self.today() } else { n };
            let line = |who: usize, n: i64, child: usize| self.parent(child, tree_of(n)) == Some(top) && self.is_in(who, child, tree_of(n));
            let say = format!("{top} over {period:?} by {lens:?}");
            assert_eq!(found.total[0], self.reached(period, end, |who, n| self.is_in(who, top, tree_of(n))), "{say}");
            assert_eq!(found.own[0], self.reached(period, end, |who, _| who == top), "own of {say}");
            for child in 0..self.ids.len() {
                let part = found.children.get(&self.ids[child]).map(|part| part[0]).unwrap_or_default();
                assert_eq!(part, self.reached(period, end, |who, n| line(who, n, child)), "child {child} of {say}");
            }
        }
    }

    fn reached(&self, period: Period, end: i64, counts: impl Fn(usize, i64) -> bool) -> Reached {
        let grassroots = |who: usize| (0..self.ids.len()).all(|other| self.parent(other, end) != Some(who));
        let held = self.held.iter().filter(|held| held.counted && period.has(day(held.n)) && counts(held.who, held.n));
        let active: BTreeSet<_> = held.map(|held| held.who).collect();
        Reached {
            organisations: active.len() as i64,
            grassroots: active.iter().filter(|who| grassroots(**who) && counts(**who, end)).count() as i64,
            of: (0..self.ids.len()).filter(|who| grassroots(*who) && counts(*who, end)).count() as i64,
        }
    }
}
