//! SQL for subscriptions, and for what was made and posted.

use super::{Every, SubscriptionId};
use crate::db::{DbError, Row, RowError, Tx, args};
use crate::deltas::Day;
use crate::i18n::Language;
use crate::notices::NoticeFileId;
use crate::organisations::OrganisationId;
use crate::spreadsheets;
use kernel::{AccountId, Timestamp};

/// A file that a report comes as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ReportFormat)]
pub enum Format {
    /// On paper.
    Pdf,
    /// The table, for a spreadsheet program.
    Xlsx,
    /// The main figures as a few lines: what the mail itself says. Never chosen, always made.
    #[serde(skip)]
    Text,
}

impl Format {
    /// Those that people choose.
    pub const CHOSEN: [Self; 2] = [Self::Pdf, Self::Xlsx];

    /// Stored code, and the ending of the file.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Xlsx => "xlsx",
            Self::Text => "txt",
        }
    }

    /// Media type.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Xlsx => spreadsheets::XLSX,
            Self::Text => "text/plain; charset=utf-8",
        }
    }
}

/// Somebody wants an organisation's report by mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its id.
    pub id: SubscriptionId,
    /// Whose.
    pub account: AccountId,
    /// Of which organisation.
    pub organisation: OrganisationId,
    /// How often.
    pub every: Every,
    /// As which files; at least one.
    pub formats: Vec<Format>,
    /// In which language.
    pub language: Language,
    /// Since when.
    pub created_at: Timestamp,
}

/// What a report is of, and for which reader: whoever has the same key gets the same file.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    pub organisation: OrganisationId,
    pub every: Every,
    pub first: Day,
    pub language: Language,
    /// With what is below the organisation.
    pub whole: bool,
}

fn formats(codes: &str) -> Vec<Format> {
    Format::CHOSEN.into_iter().filter(|format| codes.split(',').any(|code| code == format.code())).collect()
}

fn codes(formats: &[Format]) -> String {
    let chosen = Format::CHOSEN.into_iter().filter(|format| formats.contains(format));
    chosen.map(Format::code).collect::<Vec<_>>().join(",")
}

fn subscription(row: &Row) -> Result<Subscription, DbError> {
    let language = Language::from_tag(&row.text("language")?);
    Ok(Subscription {
        id: row.id("id")?,
        account: row.id("account")?,
        organisation: row.id("organisation")?,
        every: row.code("every", Every::from_code)?,
        formats: formats(&row.text("formats")?),
        language: language.ok_or_else(|| RowError { column: "language".into(), expected: "a language" })?,
        created_at: row.time("created_at")?,
    })
}

/// SQL over an open transaction.
#[derive(Debug)]
pub struct Subscriptions<'t>(pub &'t mut Tx);

impl Subscriptions<'_> {
    /// One of them.
    pub async fn find(&mut self, id: SubscriptionId) -> Result<Option<Subscription>, DbError> {
        let row = self.0.fetch_optional("select * from report_subscription where id = $1", args![id]).await?;
        row.as_ref().map(subscription).transpose()
    }

    /// Those of an account, the oldest first.
    pub async fn of(&mut self, account: AccountId) -> Result<Vec<Subscription>, DbError> {
        let sql = "select * from report_subscription where account = $1 order by created_at, id limit 500";
        self.0.fetch_all(sql, args![account]).await?.iter().map(subscription).collect()
    }

    /// Up to `most` of those that come this often, after the one with the id `after` (empty: from the first).
    pub async fn due(&mut self, every: Every, after: &str, most: usize) -> Result<Vec<Subscription>, DbError> {
        let sql = "select * from report_subscription where every = $1 and id > $2 order by id limit $3";
        self.0.fetch_all(sql, args![every.code(), after, most]).await?.iter().map(subscription).collect()
    }

    /// Adds one, or changes formats and language of the one that is there.
    pub async fn put(&mut self, one: &Subscription) -> Result<(), DbError> {
        let sql = "insert into report_subscription (id, account, organisation, every, formats, language, created_at)
                   values ($1, $2, $3, $4, $5, $6, $7)
                   on conflict (account, organisation, every) do update set formats = excluded.formats, language = excluded.language";
        let values =
            args![one.id, one.account, one.organisation, one.every.code(), codes(&one.formats), one.language.tag(), one.created_at];
        self.0.execute(sql, values).await.map(drop)
    }

    /// Ends one; true if it was there.
    pub async fn end(&mut self, id: SubscriptionId) -> Result<bool, DbError> {
        self.0.execute("delete from report_posted where subscription = $1", args![id]).await?;
        Ok(self.0.execute("delete from report_subscription where id = $1", args![id]).await? == 1)
    }

    /// Takes the run of a period; true for the first who does.
    pub async fn begin_run(&mut self, every: Every, first: Day, now: Timestamp) -> Result<bool, DbError> {
        let sql = "insert into report_run (every, first_day, begun_at) values ($1, $2, $3) on conflict do nothing";
        Ok(self.0.execute(sql, args![every.code(), first.0, now]).await? == 1)
    }

    /// Whether the run of a period was begun.
    pub async fn was_begun(&mut self, every: Every, first: Day) -> Result<bool, DbError> {
        let sql = "select count(*) from report_run where every = $1 and first_day = $2";
        Ok(self.0.fetch_int(sql, args![every.code(), first.0]).await? > 0)
    }

    /// Notes what became of a subscription's report of a period; true for the first note.
    pub async fn posted(&mut self, id: SubscriptionId, first: Day, outcome: &str, now: Timestamp) -> Result<bool, DbError> {
        let sql = "insert into report_posted (subscription, first_day, outcome, at) values ($1, $2, $3, $4) on conflict do nothing";
        Ok(self.0.execute(sql, args![id, first.0, outcome, now]).await? == 1)
    }

    /// Whether it was noted.
    pub async fn was_posted(&mut self, id: SubscriptionId, first: Day) -> Result<bool, DbError> {
        let sql = "select count(*) from report_posted where subscription = $1 and first_day = $2";
        Ok(self.0.fetch_int(sql, args![id, first.0]).await? > 0)
    }

    /// The file that was made of a report; none when it is not made.
    pub async fn made(&mut self, key: &Key, format: Format) -> Result<Option<NoticeFileId>, DbError> {
        let sql = "select file from report_made
                   where organisation = $1 and every = $2 and first_day = $3 and language = $4 and format = $5 and whole = $6";
        let values = args![key.organisation, key.every.code(), key.first.0, key.language.tag(), format.code(), key.whole];
        self.0.fetch_optional(sql, values).await?.map(|row| Ok(row.id("file")?)).transpose()
    }

    /// Notes the file of a report; a file noted before is replaced, which happens when it was forgotten meanwhile.
    pub async fn set_made(&mut self, key: &Key, format: Format, file: NoticeFileId) -> Result<(), DbError> {
        let sql =
            "insert into report_made (organisation, every, first_day, language, format, whole, file) values ($1, $2, $3, $4, $5, $6, $7)
                   on conflict (organisation, every, first_day, language, format, whole) do update set file = excluded.file";
        let values = args![key.organisation, key.every.code(), key.first.0, key.language.tag(), format.code(), key.whole, file];
        self.0.execute(sql, values).await.map(drop)
    }

    /// Forgets what was made of periods before `first`.
    pub async fn forget_made(&mut self, every: Every, first: Day) -> Result<(), DbError> {
        self.0.execute("delete from report_made where every = $1 and first_day < $2", args![every.code(), first.0]).await.map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_kept_as_their_codes() {
        for (kept, read) in [("pdf,xlsx", 2), ("xlsx", 1), ("", 0), ("pdf,pdf,txt", 1)] {
            assert_eq!(formats(kept).len(), read, "{kept}");
        }
        assert_eq!(codes(&[Format::Xlsx, Format::Pdf, Format::Pdf]), "pdf,xlsx");
    }
}
