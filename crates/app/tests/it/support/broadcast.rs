//! A broadcast that is on air by default, without a publisher.

use super::TestApp;
use super::tree::org;
use app::broadcasts::{Admission, Broadcast, BroadcastId, Broadcasts, Kind, Profile, State};
use kernel::{AccountId, Clock, Id};

/// What a test may name about its broadcast.
pub struct BroadcastBuilder<'a> {
    app: &'a TestApp,
    is: Broadcast,
    by: Option<AccountId>,
}

impl TestApp {
    /// A live broadcast of the organisation with this code, on air since a minute.
    pub fn a_broadcast(&self, code: &str) -> BroadcastBuilder<'_> {
        let began = self.clock.now().plus_ms(-60_000);
        let is = Broadcast {
            id: BroadcastId::new(self.clock.as_ref()),
            organisation: org(code),
            lesson: Id::from_u128(0),
            campaign: None,
            kind: Kind::Live,
            title: "An evening of questions".into(),
            lecturer: "Li Wei".into(),
            abstract_: String::new(),
            admission: Admission::Everybody,
            host: None,
            starts_at: began,
            ends_at: began.plus_ms(3_600_000),
            state: State::OnAir,
            profile: Profile::Interactive,
            on_air_at: Some(began),
            ended_at: None,
            held_at: None,
            held_ms: 0,
            key_hint: None,
            material: None,
            keeps_recording: true,
            external_url: None,
            pinned_stage: None,
            series: None,
            created_by: Id::from_u128(0),
            created_at: began,
            version: 1,
        };
        BroadcastBuilder { app: self, is, by: None }
    }
}

impl BroadcastBuilder<'_> {
    /// For those who are signed in.
    pub fn signed_in(mut self) -> Self {
        self.is.admission = Admission::SignedIn;
        self
    }

    pub fn by(mut self, account: AccountId) -> Self {
        self.by = Some(account);
        self
    }

    pub fn with(mut self, change: impl FnOnce(&mut Broadcast)) -> Self {
        change(&mut self.is);
        self
    }

    pub async fn create(mut self) -> Broadcast {
        let planner = format!("planner.{}", self.is.id);
        self.is.created_by = match self.by {
            Some(account) => account,
            None => self.app.account(&planner[..30], kernel::Role::Host, "province").await,
        };
        self.is.lesson = self.app.a_lesson(self.is.organisation).create().await;
        let mut tx = self.app.db.begin().await.unwrap();
        Broadcasts(&mut tx).insert(&self.is).await.unwrap();
        tx.commit().await.unwrap();
        self.is
    }
}
