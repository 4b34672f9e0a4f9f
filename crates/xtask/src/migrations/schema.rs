//! Just enough SQL to know which tables and columns stand after a migration.

use std::collections::{BTreeMap, BTreeSet};

/// Tables with their columns, all in lower case.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Schema(BTreeMap<String, BTreeSet<String>>);

impl Schema {
    /// The tables, sorted.
    pub fn tables(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Tables (`lesson`) and columns (`lesson.title`) that `other` lacks.
    pub fn missing_in(&self, other: &Schema) -> Vec<String> {
        let mut missing = Vec::new();
        for (table, columns) in &self.0 {
            match other.0.get(table) {
                None => missing.push(table.clone()),
                Some(theirs) => missing.extend(columns.difference(theirs).map(|column| format!("{table}.{column}"))),
            }
        }
        missing
    }

    /// Applies one migration: `create table`, `drop table` and `alter table`; other statements change no column.
    pub fn apply(&mut self, sql: &str) {
        for statement in statements(sql) {
            let words: Vec<&str> = statement.iter().map(String::as_str).filter(|w| !["if", "not", "exists"].contains(w)).collect();
            match words.as_slice() {
                ["create", "table", table, "(", body @ ..] => {
                    self.0.insert((*table).to_owned(), columns(body));
                }
                ["drop", "table", table, ..] => {
                    self.0.remove(*table);
                }
                ["alter", "table", table, change @ ..] => self.alter(table, change),
                _ => {}
            }
        }
    }

    fn alter(&mut self, table: &str, change: &[&str]) {
        if let ["rename", "to", new] = change {
            if let Some(columns) = self.0.remove(table) {
                self.0.insert((*new).to_owned(), columns);
            }
            return;
        }
        let Some(columns) = self.0.get_mut(table) else { return };
        for part in parts(change) {
            let part: Vec<&str> = part.into_iter().filter(|word| *word != "column").collect();
            match part.as_slice() {
                ["add", word, ..] if is_constraint(word) => {}
                ["add", column, ..] => {
                    columns.insert((*column).to_owned());
                }
                ["drop", column, ..] => {
                    columns.remove(*column);
                }
                ["rename", old, "to", new] => {
                    columns.remove(*old);
                    columns.insert((*new).to_owned());
                }
                _ => {}
            }
        }
    }
}

/// Columns named in the body of a `create table`, whose opening bracket is already taken.
fn columns(body: &[&str]) -> BTreeSet<String> {
    let end = closing(body);
    parts(&body[..end])
        .into_iter()
        .filter_map(|part| part.first().copied())
        .filter(|word| !is_constraint(word))
        .map(str::to_owned)
        .collect()
}

fn is_constraint(word: &str) -> bool {
    ["check", "constraint", "exclude", "foreign", "primary", "unique"].contains(&word)
}

/// Where the bracket that was opened before `words` closes.
fn closing(words: &[&str]) -> usize {
    let mut depth = 1;
    for (at, word) in words.iter().enumerate() {
        match *word {
            "(" => depth += 1,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at;
        }
    }
    words.len()
}

/// `words` parted at the commas that stand outside of brackets.
fn parts<'w>(words: &[&'w str]) -> Vec<Vec<&'w str>> {
    let mut depth = 0;
    let mut parts = vec![Vec::new()];
    for word in words {
        match *word {
            "(" => depth += 1,
            ")" => depth -= 1,
            "," if depth == 0 => {
                parts.push(Vec::new());
                continue;
            }
            _ => {}
        }
        if let Some(last) = parts.last_mut() {
            last.push(*word);
        }
    }
    parts
}

/// Statements as words and single marks, in lower case; comments and string literals are left out.
fn statements(sql: &str) -> Vec<Vec<String>> {
    let mut statements = vec![Vec::new()];
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        let taken = match first {
            _ if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            _ if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '\'' => rest[1..].find('\'').map_or(rest.len(), |end| end + 2),
            c if is_word(c) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            c => c.len_utf8(),
        };
        let token = &rest[..taken];
        match first {
            ';' => statements.push(Vec::new()),
            c if is_word(c) || "(),".contains(c) => {
                if let Some(statement) = statements.last_mut() {
                    statement.push(token.to_lowercase());
                }
            }
            _ => {}
        }
        rest = &rest[taken..];
    }
    statements
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(sql: &str) -> Vec<String> {
        let mut schema = Schema::default();
        schema.apply(sql);
        schema.missing_in(&Schema(schema.0.keys().map(|table| (table.clone(), BTreeSet::new())).collect()))
    }

    #[test]
    fn columns_are_told_from_constraints() {
        let sql = "-- why; it is needed\ncreate table if not exists \"Lesson\" (
            id text primary key, -- the id, a text
            state text not null check (state in ('draft', 'kept; here')) default 'it''s',
            /* two, columns */ price numeric(10, 2),
            primary key (id, state), foreign key (state) references x (y),
            constraint one unique (price)
        ) strict;";
        assert_eq!(after(sql), ["lesson.id", "lesson.price", "lesson.state"]);
    }

    #[test]
    fn changes_are_followed() {
        let sql = "create table a (x text, y text);
            alter table a add column z integer not null default 1, drop column x;
            alter table a add constraint later check (z > 0);
            alter table a rename column y to w;
            create table gone (x text); drop table if exists gone;
            alter table a rename to b;
            create index i on b (w); insert into b (w) values ('x');";
        assert_eq!(after(sql), ["b.w", "b.z"]);
    }

    #[test]
    fn what_the_other_lacks_is_missing() {
        let (mut one, mut other) = (Schema::default(), Schema::default());
        one.apply("create table a (x text, y text); create table b (x text);");
        other.apply("create table a (x text, z text);");
        assert_eq!(one.missing_in(&other), ["a.y", "b"]);
        assert_eq!(other.missing_in(&one), ["a.z"]);
    }
}
