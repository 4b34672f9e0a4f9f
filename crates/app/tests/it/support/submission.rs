//! A submission that is valid by default, brought where a test wants it by the acts of people who may do them.

use super::TestApp;
use super::tree::org;
use app::campaigns::{Call, Campaigns, CategoryId};
use app::lessons::LessonId;
use app::submissions::rules::{Decision, Ruling};
use app::submissions::{ConsentGiven, Moved, State, Submission, SubmissionId, Submissions, actions};
use kernel::{Actor, Clock, Grant, Id, OrganisationId, Reach, Role};

/// Somebody with one role at the organisation with this code: only as an actor, without an account to sign in with.
pub fn actor(role: Role, code: &str) -> Actor {
    colleague(role, code, 0)
}

/// The `n`th of several such people.
pub fn colleague(role: Role, code: &str, n: u128) -> Actor {
    acting(role, org(code), n)
}

fn acting(role: Role, organisation: OrganisationId, n: u128) -> Actor {
    let which = Role::ALL.iter().position(|r| *r == role).unwrap_or_default() as u128;
    let grants = vec![Grant { organisation, role, reach: Reach::Subtree }];
    Actor { account: Id::from_u128((organisation.as_u128() << 16) + (which << 8) + n), grants, scopes: None }
}

/// A verdict without more words than it needs.
pub fn ruling(decision: Decision) -> Ruling {
    let needs_reason = matches!(decision, Decision::Return | Decision::Reject);
    Ruling { reason: needs_reason.then(|| "content".into()), ..Ruling::plain(decision) }
}

/// What a test may name about its submission.
pub struct SubmissionBuilder<'a> {
    app: &'a TestApp,
    from: &'static str,
    call: Option<Call>,
    category: Option<CategoryId>,
    lesson: Option<LessonId>,
    title: String,
    state: State,
    held_by: Option<&'static str>,
}

impl TestApp {
    /// A draft of `branch-a` in the campaign `spring`, which is made if it is not there; with a lesson and its video.
    pub fn a_submission(&self) -> SubmissionBuilder<'_> {
        SubmissionBuilder {
            app: self,
            from: "branch-a",
            call: None,
            category: None,
            lesson: None,
            title: "Accounts in the open".into(),
            state: State::Draft,
            held_by: None,
        }
    }

    /// The campaign `spring` of the province, made if it is not there.
    pub async fn spring(&self) -> Call {
        let mut tx = self.db.read().await.unwrap();
        let there = Campaigns(&mut tx).run_by(&[org("province")], None).await.unwrap();
        if let Some(campaign) = there.iter().find(|c| c.code == "spring") {
            return Campaigns(&mut tx).call(campaign.id).await.unwrap().unwrap();
        }
        drop(tx);
        self.a_campaign().create().await
    }

    /// The submission as it is now.
    pub async fn submission(&self, id: SubmissionId) -> Submission {
        Submissions(&mut self.db.read().await.unwrap()).find(id).await.unwrap().expect("the submission is there")
    }

    /// Hands in as a clerk of the owner.
    pub async fn hand_in(&self, id: SubmissionId) {
        let now = self.submission(id).await;
        let clerk = acting(Role::Clerk, now.organisation, 0);
        actions::submit(&self.app, &clerk, id, now.version).await.unwrap_or_else(|p| panic!("{} {:?}", p.code, p.fields));
    }

    /// Gives a verdict as a reviewer of whoever holds it.
    pub async fn give(&self, id: SubmissionId, ruling: &Ruling) {
        let now = self.submission(id).await;
        let reviewer = acting(Role::Reviewer, now.holder, 0);
        actions::decide(&self.app, &reviewer, id, now.version, ruling).await.unwrap_or_else(|p| panic!("{} {:?}", p.code, p.fields));
    }

    /// Approves as the `n`th editor of the organisation that runs the campaign.
    pub async fn approve(&self, id: SubmissionId, n: u128) -> State {
        let now = self.submission(id).await;
        let runner = Campaigns(&mut self.db.read().await.unwrap()).find(now.campaign).await.unwrap().unwrap().organisation;
        let editor = acting(Role::Editor, runner, n);
        actions::approve(&self.app, &editor, id, now.version, "").await.unwrap_or_else(|p| panic!("{} {:?}", p.code, p.fields))
    }
}

impl SubmissionBuilder<'_> {
    /// Whose work it is, by the code of the test tree.
    pub fn from(mut self, code: &'static str) -> Self {
        self.from = code;
        self
    }

    pub fn to(mut self, call: &Call) -> Self {
        self.call = Some(call.clone());
        self
    }

    pub fn in_category(mut self, category: CategoryId) -> Self {
        self.category = Some(category);
        self
    }

    /// A lesson of the test's own; it must belong to the organisation named by `from`.
    pub fn of(mut self, lesson: LessonId) -> Self {
        self.lesson = Some(lesson);
        self
    }

    pub fn title(mut self, title: &str) -> Self {
        self.title = title.into();
        self
    }

    pub fn at(mut self, state: State) -> Self {
        self.state = state;
        self
    }

    /// Who has it when it is in review, returned, kept or rejected; without this the owner's parent.
    pub fn held_by(mut self, code: &'static str) -> Self {
        self.held_by = Some(code);
        self
    }

    pub async fn create(self) -> Submission {
        let app = self.app;
        let call = match &self.call {
            Some(call) => call.clone(),
            None => app.spring().await,
        };
        let lesson = match self.lesson {
            Some(lesson) => lesson,
            None => app.a_lesson(org(self.from)).title(&self.title).with_video().create().await,
        };
        let category = self.category.unwrap_or(call.categories[0].id);
        let clerk = actor(Role::Clerk, self.from);
        let started = actions::start(&app.app, &clerk, call.campaign.id, category, lesson).await;
        let id = started.unwrap_or_else(|p| panic!("{} {:?}", p.code, p.fields));
        self.agree(id, &call).await;
        self.bring(id, &call).await;
        app.submission(id).await
    }

    async fn agree(&self, id: SubmissionId, call: &Call) {
        let now = self.app.clock.now();
        let given = |c: &app::campaigns::Consent| ConsentGiven { code: c.code.clone(), revision: c.revision, at: now };
        let draft = self.app.submission(id).await;
        let to = Moved { consents: call.consents.iter().map(given).collect(), ..Moved::nowhere(&draft) };
        let mut tx = self.app.db.begin().await.unwrap();
        assert!(Submissions(&mut tx).advance(&draft, &to, now).await.unwrap());
        tx.commit().await.unwrap();
    }

    async fn bring(&self, id: SubmissionId, call: &Call) {
        let app = self.app;
        if self.state == State::Draft {
            return;
        }
        app.hand_in(id).await;
        let public = matches!(self.state, State::Selected | State::Published);
        let desk = if public { Some(call.campaign.organisation) } else { self.held_by.map(org) };
        if let Some(desk) = desk {
            while app.submission(id).await.holder != desk {
                app.give(id, &ruling(Decision::Recommend)).await;
            }
        }
        match self.state {
            State::Draft | State::InReview => {}
            State::Returned => app.give(id, &ruling(Decision::Return)).await,
            State::Kept => app.give(id, &ruling(Decision::Keep)).await,
            State::Rejected => app.give(id, &ruling(Decision::Reject)).await,
            State::Selected => app.give(id, &ruling(Decision::Recommend)).await,
            State::Published => self.publish(id, call).await,
            State::Withdrawn => {
                let now = app.submission(id).await;
                let clerk = actor(Role::Clerk, self.from);
                actions::withdraw(&app.app, &clerk, id, now.version, "a test").await.unwrap_or_else(|p| panic!("{}", p.code));
            }
        }
    }

    async fn publish(&self, id: SubmissionId, call: &Call) {
        self.app.give(id, &ruling(Decision::Recommend)).await;
        for n in 0..call.campaign.approvals {
            self.app.approve(id, n as u128).await;
        }
    }
}
