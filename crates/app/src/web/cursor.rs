//! Keyset pagination: a page costs the same at any depth.

use serde::Deserialize;

/// Rows of one page.
pub const PAGE_SIZE: usize = 20;

/// Where a page begins: the sort key and id of the last row of the page before, as one opaque text.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Cursor {
    /// `KEY~ID`; empty for the first page.
    #[serde(default)]
    pub after: String,
}

impl Cursor {
    /// Key (an instant or number) and id to continue after; for the first page of a descending list the largest there is.
    pub fn descending(&self) -> (i64, String) {
        self.read().unwrap_or((i64::MAX, String::new()))
    }

    /// Key to continue after in an ascending list of keys from zero on; for the first page below all of them.
    pub fn ascending(&self) -> i64 {
        self.read().map_or(-1, |(key, _)| key)
    }

    fn read(&self) -> Option<(i64, String)> {
        let (key, id) = self.after.split_once('~')?;
        Some((key.parse().ok()?, id.to_owned()))
    }

    /// The text form of a position.
    pub fn after(key: i64, id: impl std::fmt::Display) -> String {
        format!("{key}~{id}")
    }
}

/// One page of a list and where the next begins.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Slice<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Pass as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> Slice<T> {
    /// Cuts the one row too many that the query asked for (`limit PAGE_SIZE + 1`).
    pub fn cut(mut items: Vec<T>, position: impl Fn(&T) -> String) -> Self {
        let more = items.len() > PAGE_SIZE;
        items.truncate(PAGE_SIZE);
        let next = if more { items.last().map(position) } else { None };
        Self { items, next }
    }
}
