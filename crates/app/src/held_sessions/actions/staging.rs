//! One attempt to take over a file: what it changes is staged, and written at once.

use super::importing::record;
use crate::audit;
use crate::deltas::Day;
use crate::held_sessions::register::{Change, Entry, Known, KnownBy, Sender, plan};
use crate::held_sessions::sheet::TITLE;
use crate::held_sessions::store::{Mark, Staged};
use crate::held_sessions::{HeldSession, HeldSessionId, HeldSessions};
use crate::jobs::JobId;
use crate::organisations::access::domains;
use crate::organisations::actions::import::Run;
use crate::organisations::{Action, OrganisationId, Organisations, Tree, may};
use crate::problem::Problem;
use crate::registers::{FAULTS_MOST, Fault, bounded};
use crate::state::App;
use kernel::Actor;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// What a file changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Sessions that are new.
    pub added: usize,
    /// Known ones that are recorded otherwise.
    pub corrected: usize,
    /// Rows that say what is known.
    pub unchanged: usize,
}

impl Totals {
    /// How much of what there is.
    pub const fn counts(&self) -> [(&'static str, usize); 3] {
        [("added", self.added), ("corrected", self.corrected), ("unchanged", self.unchanged)]
    }

    /// There is nothing to write.
    pub const fn is_nothing(&self) -> bool {
        self.added == 0 && self.corrected == 0
    }
}

/// One attempt.
pub(super) struct Import<'r> {
    app: &'r App,
    actor: &'r Actor,
    id: JobId,
    run: &'r Run<'r>,
    tree: Arc<Tree>,
    /// How far it is, and how many months were closed when it was planned.
    mark: Mark,
    /// Rows by whom they are about.
    rows: HashMap<HeldSessionId, u32>,
    faults: Vec<Fault>,
    left_out: usize,
    pub(super) totals: Totals,
}

impl<'r> Import<'r> {
    /// Begins, or goes on where a crash ended the last attempt: unless the tree, a closed month or the sender's rights changed meanwhile.
    pub(super) async fn begin(app: &'r App, actor: &'r Actor, id: JobId, run: &'r Run<'r>) -> Result<Self, Problem> {
        let tree = app.tree.load_full();
        let closed = HeldSessions(&mut app.db.read().await?).closed_count().await?;
        let (mut mark, mut rows) = (Mark { closed, revision: tree.revision, ..Mark::default() }, HashMap::new());
        if !run.dry_run {
            let mut tx = app.db.begin().await?;
            let staged = HeldSessions(&mut tx).staged_rows(id).await?;
            let allowed = staged.iter().all(|(.., organisation)| may(&tree, actor, Action::RecordSession, *organisation));
            match HeldSessions(&mut tx).mark(id).await? {
                Some(last) if allowed && (last.closed, last.revision) == (closed, tree.revision) => {
                    mark = last;
                    rows = staged.into_iter().map(|(about, row, _)| (about, row)).collect();
                }
                _ => HeldSessions(&mut tx).unstage(id).await?,
            }
            tx.commit().await?;
        }
        let [added, corrected, unchanged] = mark.counts;
        let totals = Totals { added, corrected, unchanged };
        Ok(Self { app, actor, id, run, tree, mark, rows, faults: Vec::new(), left_out: 0, totals })
    }

    /// Plans some entries, and stages what they change unless something is wrong already.
    pub(super) async fn take(&mut self, mut batch: Vec<Entry>) -> Result<(), Problem> {
        batch.retain(|entry| entry.row > self.mark.until);
        let Some(last) = batch.last().map(|entry| entry.row) else { return Ok(()) };
        let known = self.known(&batch).await?;
        let (app, tree, actor) = (self.app, self.tree.clone(), self.actor);
        let records = |id| may(&tree, actor, Action::RecordSession, id);
        let sender = Sender { account: actor.account, now: app.clock.now(), zone: &app.zone, tree: &tree, records: &records };
        let mut staged = Vec::new();
        for entry in batch {
            let row = entry.row;
            match plan(&entry, &known, &sender) {
                Ok(change) => {
                    if let Some(earlier) = self.rows.insert(change.id(), row) {
                        self.fault(Fault::new(row, TITLE, &entry.told.title, "duplicate-session", &earlier));
                    }
                    staged.extend(self.count(row, change));
                }
                Err(fault) => self.fault(fault),
            }
        }
        if self.run.dry_run || !self.faults.is_empty() {
            return Ok(());
        }
        self.stage(&staged, last).await
    }

    /// Stages what the rows up to `until` change.
    async fn stage(&mut self, staged: &[Staged], until: u32) -> Result<(), Problem> {
        self.mark.until = until;
        self.mark.counts = self.totals.counts().map(|(_, n)| n);
        let mut tx = self.app.db.begin().await?;
        if !staged.is_empty() {
            HeldSessions(&mut tx).stage(self.id, staged, &self.app.zone, self.app.clock.as_ref()).await?;
        }
        HeldSessions(&mut tx).set_mark(self.id, self.mark).await?;
        Ok(tx.commit().await?)
    }

    fn fault(&mut self, fault: Fault) {
        if self.faults.len() < FAULTS_MOST {
            self.faults.push(fault);
        } else {
            self.left_out += 1;
        }
    }

    /// Counts a change; what is to be staged of it.
    fn count(&mut self, row: u32, change: Change) -> Option<Staged> {
        match change {
            Change::Add(next) => {
                self.totals.added += 1;
                Some(Staged { row, next: *next, is_new: true, before: None })
            }
            Change::Correct(both) => {
                let (known, next) = *both;
                self.totals.corrected += 1;
                Some(Staged { row, before: known.figure(), next, is_new: false })
            }
            Change::Nothing(_) => {
                self.totals.unchanged += 1;
                None
            }
        }
    }

    /// What is recorded that `batch` may be about.
    async fn known(&self, batch: &[Entry]) -> Result<Known, Problem> {
        let mut tx = self.app.db.read().await?;
        let ids: Vec<_> = batch.iter().map(|entry| entry.known_by.id()).collect();
        let by_content: Vec<_> = batch
            .iter()
            .filter(|entry| matches!(entry.known_by, KnownBy::Content(_)))
            .map(|entry| (entry.organisation, entry.told.held_at))
            .collect();
        let mut known =
            Known { by_id: HeldSessions(&mut tx).several(&ids).await?.into_iter().map(|one| (one.id, one)).collect(), ..Known::default() };
        for one in HeldSessions(&mut tx).held_at(&by_content).await? {
            let there: &mut Vec<HeldSession> = known.at.entry((one.organisation, one.told.held_at)).or_default();
            if there.iter().all(|other| other.id != one.id) {
                there.push(one);
            }
        }
        // A correction may take a session out of a closed month too.
        let told = batch.iter().map(|entry| Day::of(entry.told.held_at, &self.app.zone));
        let months: Vec<_> = told.chain(known.by_id.values().map(|one| one.day)).map(Day::month).collect();
        let between = (months.iter().copied().min().unwrap_or(0), months.iter().copied().max().unwrap_or(0));
        let path: BTreeSet<OrganisationId> = batch.iter().flat_map(|entry| self.tree.path_up(entry.organisation)).collect();
        let path: Vec<_> = path.into_iter().collect();
        known.closed = HeldSessions(&mut tx).closed_by(&path, between).await?.into_iter().collect();
        Ok(known)
    }

    /// Everything that refuses the file: what reading found and what planning found, by row.
    pub(super) fn faults(&mut self, read: Vec<Fault>) -> Vec<Fault> {
        let mut all = read;
        all.append(&mut self.faults);
        all.sort_by_key(|fault| fault.row);
        bounded(all, TITLE, self.left_out)
    }

    /// The only transaction that keeps others waiting; false when others changed something meanwhile, and nothing was written.
    pub(super) async fn apply(&self) -> Result<bool, Problem> {
        let (app, now) = (self.app, self.app.clock.now());
        let mut tx = app.db.begin().await?;
        let wanted = (self.totals.added as u64, self.totals.corrected as u64);
        self.run.advance(62)?;
        if HeldSessions(&mut tx).apply_staged(self.id, self.actor.account, now).await? != wanted {
            return Ok(false);
        }
        self.run.advance(80)?;
        HeldSessions(&mut tx).tell_staged(self.id, self.actor.account, now).await?;
        self.run.advance(88)?;
        HeldSessions(&mut tx).count_staged(self.id).await?;
        // Asked only now: whoever closes a month holds off those who post, so that what was not closed yet is counted in it.
        let same = HeldSessions(&mut tx).closed_count().await? == self.mark.closed
            && Organisations(&mut tx).revision().await? == self.tree.revision;
        if !same {
            return Ok(false);
        }
        let home = domains(self.actor, Action::RecordSession).first().map(|(top, _)| *top);
        audit::record(&mut tx, app.clock.as_ref(), record(self.actor, home, self.id, &self.totals)).await?;
        self.run.advance(95)?;
        tx.commit().await?;
        Ok(true)
    }
}
