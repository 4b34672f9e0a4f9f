//! Campaigns: calls for lectures, with everything they ask for as data.
//!
//! ```text
//! draft ─open─► open ─close─► closed
//!                 ▲             │
//!                 └─reopen──────┘  only with a reason
//! ```
//!
//! * A campaign is run by one organisation; its depths count from there: 0 is that organisation, 1 its children, ….
//! * What was answered stays what it was: a changed consent text is a new revision, a category in use isn't removed.
//! * Deadlines are instants; the campaign's zone only says how people enter and read them.
//! * A campaign may name who alone gives an organisation's verdicts or clears; that narrows rights and never grants any (A5).
//! * Not here: places taken and given back (`submissions`), lessons (`lessons`).

pub mod actions;
pub mod api;
mod burden;
mod call;
pub mod forms;
pub mod input;
pub mod narrowing;
pub mod pages;
pub mod reading;
pub mod rules;
mod store;
mod views;

pub use burden::{Burden, CategoryBurden, grassroots};
pub use call::{
    Call, Campaign, CampaignState, Category, Consent, Extension, MaterialRules, QuotaKind, QuotaRule, SUBMIT_DEPTH, SlotRule, Stage,
    StageKind,
};
pub use store::Campaigns;

use kernel::{Id, Identified};

macro_rules! named {
    ($($(#[$doc:meta])* $marker:ident, $id:ident, $prefix:literal;)*) => {$(
        #[doc = concat!("What a [`", stringify!($id), "`] names.")]
        #[derive(Debug)]
        pub struct $marker;
        impl Identified for $marker {
            const PREFIX: &'static str = $prefix;
        }
        $(#[$doc])*
        pub type $id = Id<$marker>;
    )*};
}

named! {
    /// Names a campaign.
    OneCampaign, CampaignId, "cmp";
    /// Names a category of a campaign.
    OneCategory, CategoryId, "ctg";
    /// Names a stage of a campaign.
    OneStage, StageId, "stg";
    /// Names a quota rule of a campaign.
    OneQuotaRule, QuotaRuleId, "qrl";
    /// Names one revision of a consent text.
    OneConsent, ConsentId, "cns";
    /// Names an extension granted to one organisation.
    OneExtension, ExtensionId, "ext";
    /// Names somebody who alone acts in a role.
    OneNarrowed, NarrowedId, "nar";
}
