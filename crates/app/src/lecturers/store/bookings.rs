//! SQL for bookings. A row comes with the person who stands for the lecturer that was asked for.

use crate::db::{DbError, Row, Tx, Value, args, assembled, places};
use crate::lecturers::rules::State;
use crate::lecturers::{Booking, BookingId, LecturerId};
use kernel::{AccountId, OrganisationId, Timestamp};

/// SQL over an open transaction.
#[derive(Debug)]
pub struct Bookings<'t>(pub &'t mut Tx);

/// A booking with its person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookingRow {
    /// Itself.
    pub booking: Booking,
    /// Who stands for the lecturer.
    pub person: LecturerId,
    /// Name of that person.
    pub name: String,
    /// Where that person belongs.
    pub home: OrganisationId,
    /// The account that answers for that person.
    pub account: Option<AccountId>,
}

/// How a person was rated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stars {
    /// Ratings.
    pub count: i64,
    /// Their stars.
    pub sum: i64,
    /// Lectures on invitation that took place.
    pub held: i64,
}

const JOINED: &str = "select b.*, r.id as person, r.name as person_name, r.organisation as home, r.account as person_account
    from booking b join lecturer l on l.id = b.lecturer join lecturer r on r.id = l.root";

fn read(row: &Row) -> Result<BookingRow, DbError> {
    let booking = Booking {
        id: row.id("id")?,
        lecturer: row.id("lecturer")?,
        organisation: row.id("organisation")?,
        starts_at: row.time("starts_at")?,
        ends_at: row.time("ends_at")?,
        title: row.text("title")?,
        place: row.text("place")?,
        people: row.int("people")?,
        note: row.text("note")?,
        state: row.code("state", State::from_code)?,
        answer: row.text("answer")?,
        answered_by: row.opt_id("answered_by")?,
        answered_at: row.opt_time("answered_at")?,
        stars: row.opt_int("stars")?,
        comment: row.text("comment")?,
        created_by: row.id("created_by")?,
        created_at: row.time("created_at")?,
        version: row.int("version")?,
    };
    let (person, name, home, account) = (row.id("person")?, row.text("person_name")?, row.id("home")?, row.opt_id("person_account")?);
    Ok(BookingRow { booking, person, name, home, account })
}

/// Which bookings; every part narrows further.
#[derive(Debug, Clone, Default)]
pub struct Which<'a> {
    /// Of this person.
    pub person: Option<LecturerId>,
    /// Answered by this account, or of people who belong to one of these organisations.
    pub answered: Option<(AccountId, &'a [OrganisationId])>,
    /// Asked for by one of these organisations.
    pub asked: Option<&'a [OrganisationId]>,
    /// In one of these states; empty for all.
    pub states: &'a [State],
    /// With a moment in this stretch.
    pub within: Option<(Timestamp, Timestamp)>,
}

fn listed(ids: &[OrganisationId], column: &str, values: &mut Vec<Value>) -> String {
    if ids.is_empty() {
        return "1 = 0".to_owned();
    }
    values.extend(ids.iter().map(|id| Value::from(*id)));
    format!("{column} in ({})", places(values.len() - ids.len() + 1, ids.len()))
}

fn conditions(which: &Which<'_>, values: &mut Vec<Value>) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(person) = which.person {
        values.push(person.into());
        all.push(format!("l.root = ${}", values.len()));
    }
    if let Some((account, homes)) = which.answered {
        values.push(account.into());
        let mine = format!("r.account = ${}", values.len());
        all.push(format!("({mine} or {})", listed(homes, "r.organisation", values)));
    }
    if let Some(askers) = which.asked {
        all.push(listed(askers, "b.organisation", values));
    }
    if !which.states.is_empty() {
        values.extend(which.states.iter().map(|state| Value::from(state.code())));
        all.push(format!("b.state in ({})", places(values.len() - which.states.len() + 1, which.states.len())));
    }
    if let Some((from, until)) = which.within {
        values.extend(args![until, from]);
        all.push(format!("b.starts_at < ${} and b.ends_at > ${}", values.len() - 1, values.len()));
    }
    all
}

impl Bookings<'_> {
    /// By id.
    pub async fn find(&mut self, id: BookingId) -> Result<Option<BookingRow>, DbError> {
        let sql = format!("{JOINED} where b.id = $1");
        self.0.fetch_optional(assembled(sql), args![id]).await?.as_ref().map(read).transpose()
    }

    /// The `most` that fit and begin before the position (`at`, `id`), the latest first.
    pub async fn before(&mut self, which: &Which<'_>, (at, id): &(i64, String), most: usize) -> Result<Vec<BookingRow>, DbError> {
        let mut values = args![*at, id, most];
        let mut all = vec!["(b.starts_at < $1 or (b.starts_at = $1 and b.id < $2))".to_owned()];
        all.extend(conditions(which, &mut values));
        let sql = format!("{JOINED} where {} order by b.starts_at desc, b.id desc limit $3", all.join(" and "));
        self.0.fetch_all(assembled(sql), values).await?.iter().map(read).collect()
    }

    /// The `most` that fit, as they begin.
    pub async fn coming(&mut self, which: &Which<'_>, most: usize) -> Result<Vec<BookingRow>, DbError> {
        let mut values = args![most];
        let all = conditions(which, &mut values);
        let sql = format!("{JOINED} where {} order by b.starts_at, b.id limit $1", all.join(" and "));
        self.0.fetch_all(assembled(sql), values).await?.iter().map(read).collect()
    }

    /// The `most` that fit of people who belong to `home`, as they begin.
    pub async fn of_home(&mut self, home: OrganisationId, which: &Which<'_>, most: usize) -> Result<Vec<BookingRow>, DbError> {
        let mut values = args![most, home];
        let mut all = vec!["r.organisation = $2".to_owned()];
        all.extend(conditions(which, &mut values));
        let sql = format!("{JOINED} where {} order by b.starts_at, b.id limit $1", all.join(" and "));
        self.0.fetch_all(assembled(sql), values).await?.iter().map(read).collect()
    }

    /// Adds a booking as it stands.
    pub async fn insert(&mut self, new: &Booking) -> Result<(), DbError> {
        let sql = "insert into booking (id, lecturer, organisation, starts_at, ends_at, title, place, people, note, state, answer,
                     answered_by, answered_at, stars, comment, rated_by, rated_at, created_by, created_at, version)
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)";
        let rated = new.stars.map(|_| new.created_by);
        let args = args![
            new.id,
            new.lecturer,
            new.organisation,
            new.starts_at,
            new.ends_at,
            &new.title,
            &new.place,
            new.people,
            &new.note,
            new.state.code(),
            &new.answer,
            new.answered_by,
            new.answered_at,
            new.stars,
            &new.comment,
            rated,
            new.stars.map(|_| new.ends_at),
            new.created_by,
            new.created_at,
            new.version
        ];
        self.0.execute(sql, args).await?;
        Ok(())
    }

    /// Moves a booking to `state` with its answer; false when somebody else did meanwhile.
    pub async fn answer(&mut self, seen: &Booking, state: State, answer: &str, by: AccountId, now: Timestamp) -> Result<bool, DbError> {
        let sql = "update booking set state = $1, answer = $2, answered_by = $3, answered_at = $4, version = version + 1
                   where id = $5 and version = $6";
        Ok(self.0.execute(sql, args![state.code(), answer, by, now, seen.id, seen.version]).await? == 1)
    }

    /// Rates a booking; false when somebody else changed it meanwhile.
    pub async fn rate(&mut self, seen: &Booking, stars: i64, comment: &str, by: AccountId, now: Timestamp) -> Result<bool, DbError> {
        let sql = "update booking set state = $1, stars = $2, comment = $3, rated_by = $4, rated_at = $5, version = version + 1
                   where id = $6 and version = $7";
        Ok(self.0.execute(sql, args![State::Rated.code(), stars, comment, by, now, seen.id, seen.version]).await? == 1)
    }

    /// What a person's ratings add up to, and how many accepted lectures are over at `now`.
    pub async fn stars(&mut self, person: LecturerId, now: Timestamp) -> Result<Stars, DbError> {
        let sql = "select count(b.stars) as count, cast(coalesce(sum(b.stars), 0) as bigint) as sum,
                     count(case when b.state = 'rated' or (b.state = 'accepted' and b.ends_at <= $2) then 1 end) as held
                   from booking b join lecturer l on l.id = b.lecturer where l.root = $1";
        let row = self.0.fetch_optional(sql, args![person, now]).await?;
        row.map_or(Ok(Stars::default()), |row| Ok(Stars { count: row.int("count")?, sum: row.int("sum")?, held: row.int("held")? }))
    }
}
