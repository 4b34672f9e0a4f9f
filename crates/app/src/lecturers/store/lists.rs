//! Lists of lecturers. Nobody who was merged is in one.

use super::{ACTIVE, Lecturers, RETIRED, lecturer};
use crate::db::{DbError, Row, Value, args, assembled, places};
use crate::lecturers::{Lecturer, LecturerId};
use kernel::OrganisationId;

/// What a list is narrowed to, ready for the database.
#[derive(Debug, Clone, Default)]
pub struct Narrowed<'a> {
    /// Words, all of which must occur.
    pub words: Vec<String>,
    /// Code of a kind, or empty.
    pub kind: &'a str,
    /// Code of a topic, or empty.
    pub topic: &'a str,
    /// Only of these; none for all.
    pub organisations: Option<&'a [OrganisationId]>,
    /// Those who no longer lecture.
    pub retired: bool,
    /// Only those whose term holds on this day, or (false) is over.
    pub term: Option<(bool, &'a str)>,
    /// Only those with a public page.
    pub public: bool,
}

fn conditions(wanted: &Narrowed<'_>, values: &mut Vec<Value>) -> String {
    let mut all = vec!["merged_into is null".to_owned()];
    let mut also = |condition: &dyn Fn(usize) -> String, value: Value| {
        values.push(value);
        all.push(condition(values.len()));
    };
    also(&|n| format!("state = ${n}"), Value::from(if wanted.retired { RETIRED } else { ACTIVE }));
    if !wanted.kind.is_empty() {
        also(&|n| format!("kind = ${n}"), wanted.kind.into());
    }
    if !wanted.topic.is_empty() {
        // Codes have no marks of patterns; topics are a JSON list of them.
        also(&|n| format!("topics like ${n}"), format!("%\"{}\"%", wanted.topic).into());
    }
    for word in &wanted.words {
        let pattern = format!("%{}%", word.replace('!', "!!").replace('%', "!%").replace('_', "!_"));
        also(&|n| format!("search like ${n} escape '!'"), pattern.into());
    }
    if let Some((holds, day)) = wanted.term {
        let inside = |n: usize| format!("(term_from = '' or term_from <= ${n}) and (term_to = '' or term_to >= ${n})");
        also(&|n| if holds { format!("({})", inside(n)) } else { format!("(term_to <> '' and term_to < ${n})") }, day.into());
    }
    if wanted.public {
        all.push("consent_at is not null".to_owned());
    }
    if let Some(chosen) = wanted.organisations {
        values.extend(chosen.iter().map(|id| Value::from(*id)));
        let first = values.len() - chosen.len() + 1;
        all.push(format!("organisation in ({})", if chosen.is_empty() { "null".to_owned() } else { places(first, chosen.len()) }));
    }
    all.join(" and ")
}

impl Lecturers<'_> {
    /// The `most` lecturers that fit and stand after the position (name, id), by name.
    pub async fn after(&mut self, wanted: &Narrowed<'_>, (name, id): &(String, String), most: usize) -> Result<Vec<Lecturer>, DbError> {
        let mut values = args![name, id, most];
        let conditions = conditions(wanted, &mut values);
        let sql =
            format!("select * from lecturer where (name > $1 or (name = $1 and id > $2)) and {conditions} order by name, id limit $3");
        self.0.fetch_all(assembled(sql), values).await?.iter().map(lecturer).collect()
    }

    /// How many fit.
    pub async fn count(&mut self, wanted: &Narrowed<'_>) -> Result<i64, DbError> {
        let mut values = Vec::new();
        let conditions = conditions(wanted, &mut values);
        self.0.fetch_int(assembled(format!("select count(*) from lecturer where {conditions}")), values).await
    }

    /// How many of those who fit there are of each kind.
    pub async fn kinds(&mut self, wanted: &Narrowed<'_>) -> Result<Vec<(String, i64)>, DbError> {
        let mut values = Vec::new();
        let conditions = conditions(wanted, &mut values);
        let sql = format!("select kind, count(*) as n from lecturer where {conditions} group by kind order by n desc, kind");
        self.0.fetch_all(assembled(sql), values).await?.iter().map(|row| Ok((row.text("kind")?, row.int("n")?))).collect()
    }

    /// Those with this plain name.
    pub async fn named(&mut self, plain: &str, most: usize) -> Result<Vec<Lecturer>, DbError> {
        let sql = "select * from lecturer where plain = $1 and merged_into is null order by id limit $2";
        self.0.fetch_all(sql, args![plain, most]).await?.iter().map(lecturer).collect()
    }

    /// Those with this plain name who belong to one of `organisations`, of which there are at most a thousand.
    pub async fn named_at(&mut self, plain: &str, organisations: &[OrganisationId], most: usize) -> Result<Vec<Lecturer>, DbError> {
        if organisations.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!(
            "select * from lecturer where plain = $1 and merged_into is null and organisation in ({}) order by id limit $2",
            places(3, organisations.len())
        );
        let values = args![plain, most].into_iter().chain(organisations.iter().map(|id| Value::from(*id)));
        self.0.fetch_all(assembled(sql), values.collect()).await?.iter().map(lecturer).collect()
    }

    /// Those with one of these plain names.
    pub async fn named_among(&mut self, plain: &[String]) -> Result<Vec<Lecturer>, DbError> {
        let mut found = Vec::new();
        for some in plain.chunks(500) {
            let sql = format!("select * from lecturer where plain in ({}) and merged_into is null order by id", places(1, some.len()));
            let rows = self.0.fetch_all(assembled(sql), some.iter().map(Value::from).collect()).await?;
            found.extend(rows.iter().map(lecturer).collect::<Result<Vec<_>, _>>()?);
        }
        Ok(found)
    }

    /// The `most` plain names after `after` that several people of these organisations (none: of all) have.
    pub async fn shared_names_of(
        &mut self,
        organisations: Option<&[OrganisationId]>,
        after: &str,
        most: usize,
    ) -> Result<Vec<String>, DbError> {
        let mut values = args![after, most];
        let within = organisations.map_or_else(String::new, |ids| {
            values.extend(ids.iter().map(|id| Value::from(*id)));
            format!("and organisation in ({})", if ids.is_empty() { "null".to_owned() } else { places(3, ids.len()) })
        });
        let sql = format!(
            "select plain from lecturer where merged_into is null and plain > $1 {within} group by plain having count(*) > 1
             order by plain limit $2"
        );
        let read = |row: &Row| Ok(row.text("plain")?);
        self.0.fetch_all(assembled(sql), values).await?.iter().map(read).collect()
    }

    /// Those whose bookings this account answers.
    pub async fn of_account(&mut self, account: kernel::AccountId) -> Result<Vec<LecturerId>, DbError> {
        let sql = "select id from lecturer where account = $1 and merged_into is null limit 100";
        self.0.fetch_all(sql, args![account]).await?.iter().map(|row| Ok(row.id("id")?)).collect()
    }
}
