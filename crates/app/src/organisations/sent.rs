//! Registers that this feature takes in, and how a sender sees his import.

use super::access::{Action, may_anywhere};
use super::actions::{import, people_import};
use crate::jobs::{JobId, JobState};
use crate::problem::Problem;
use crate::registers::{Fault, FaultGroup, Followed};
use crate::state::App;
use kernel::Actor;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// One kind of register.
#[derive(Debug)]
pub struct Register {
    /// The job that imports it.
    pub job: &'static str,
    /// Who may send one: somebody who may do this somewhere.
    pub needs: Action,
    /// The page above those of the import, `/organisations`.
    pub pages: &'static str,
    /// Key of that page's name.
    pub above: &'static str,
    /// Key of the page's title.
    pub title: &'static str,
    /// Key of what the columns are.
    pub columns: &'static str,
    /// Key of what an import leads to.
    pub consequence: &'static str,
    /// Codes of what is counted, as the page lists them; their words are `import-CODE`.
    pub counts: &'static [&'static str],
    /// New accounts get links by which their owners set a password.
    pub links: bool,
    /// Address of a blank file to fill in; empty for none.
    pub blank: &'static str,
}

/// The register of organisations.
pub const ORGANISATIONS: Register = Register {
    job: import::IMPORT,
    needs: Action::ManageOrganisations,
    pages: "/organisations",
    above: "nav-organisations",
    title: "import-title",
    columns: "import-columns",
    consequence: "import-consequence",
    counts: &["added", "renamed", "moved", "corrected", "unchanged"],
    links: false,
    blank: "",
};

/// The register of accounts and their roles.
pub const PEOPLE: Register = Register {
    job: people_import::IMPORT,
    needs: Action::ManageAccounts,
    pages: "/people",
    above: "nav-people",
    title: "people-import-title",
    columns: "people-import-columns",
    consequence: "people-import-consequence",
    counts: &["accounts", "granted", "renamed", "dated", "unchanged"],
    links: true,
    blank: "",
};

impl Register {
    /// Refuses who keeps nothing of the sort.
    pub fn may_send(&self, app: &App, me: &Actor) -> Result<(), Problem> {
        if may_anywhere(&app.tree.load(), me, self.needs) { Ok(()) } else { Err(Problem::forbidden()) }
    }
}

/// Most faults of one answer; the workbook has them all.
const FAULTS_MOST: usize = 1_000;

/// How a file is called in reports.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Named {
    /// File name.
    #[serde(default)]
    pub name: String,
}

/// A file's name without what disturbs a page.
pub fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(100).collect()
}

/// An import.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportBody {
    #[schema(value_type = String)]
    id: JobId,
    /// `queued`, `running`, `done`, `parked`, `cancelled`.
    #[schema(value_type = String)]
    state: JobState,
    /// 0 to 100.
    percent: i64,
    /// Whether it changes anything, or only tells what would change.
    apply: bool,
    /// Code of the problem that refused the file as a whole.
    refused: Option<String>,
    /// How much is, or would be, changed: of organisations `added`, `renamed`, `moved`, `corrected`, `unchanged`; of accounts
    /// `accounts` (new ones), `granted` (new roles), `renamed`, `dated` (roles with another last day), `unchanged`.
    #[serde(flatten)]
    counts: BTreeMap<String, usize>,
    /// Faults by column and rule, in the reader's language.
    groups: Vec<FaultGroup>,
    /// Faults row by row, at most 1,000.
    #[schema(value_type = Vec<Object>)]
    faults: Vec<Fault>,
}

impl ImportBody {
    /// As programs see it.
    pub fn of(texts: &crate::i18n::Texts, register: &Register, followed: &Followed) -> Self {
        let report = followed.report.clone().unwrap_or_default();
        let count = |code: &&str| ((*code).to_owned(), report.counts.get(*code).copied().unwrap_or(0));
        Self {
            id: followed.job.id,
            state: followed.job.state,
            percent: followed.job.percent,
            apply: followed.order.apply,
            refused: report.refused.map(|(code, _)| code),
            counts: register.counts.iter().map(count).collect(),
            groups: followed.groups(texts),
            faults: report.faults.into_iter().take(FAULTS_MOST).collect(),
        }
    }
}
