//! What the rows of a register of organisations say: kept close together, since there may be 250,000 of them.

use crate::organisations::rules;
use crate::problem::FieldError;
use crate::registers::{Fault, Line, plain};
use std::collections::BTreeMap;

/// Codes of the columns; the first [`REQUIRED`] must be there.
pub const COLUMNS: [&str; 5] = [CODE, NAME, PARENT, KIND, MEMBERS];
/// How many columns must be there.
pub const REQUIRED: usize = 3;
/// Unique code.
pub const CODE: &str = "code";
/// Name.
pub const NAME: &str = "name";
/// Code of the superior; empty for the root.
pub const PARENT: &str = "parent";
/// Word of the vocabulary pack.
pub const KIND: &str = "kind";
/// Members it has itself.
pub const MEMBERS: &str = "members";

/// What one row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'e> {
    /// Row as the spreadsheet program numbers it.
    pub row: u32,
    /// Unique code.
    pub code: &'e str,
    /// Name.
    pub name: &'e str,
    /// Code of the superior; empty for the root.
    pub parent: &'e str,
    /// Code of the kind; none to keep what is known.
    pub kind: Option<&'e str>,
    /// Members; none to keep what is known.
    pub members: Option<i64>,
}

/// Where an entry lies in the text of all: code, name and superior, one after the other.
#[derive(Debug)]
struct Packed {
    row: u32,
    start: u32,
    lengths: [u16; 3],
    kind: Option<u8>,
    members: Option<u32>,
}

/// The entries of a file, in the order of its rows.
#[derive(Debug)]
pub struct Entries {
    kinds: Vec<String>,
    /// Kind in words or as code, in its plain form → place in `kinds`.
    kind_words: BTreeMap<String, u8>,
    text: String,
    packed: Vec<Packed>,
}

impl Entries {
    /// None yet; kinds may be called by `words` (in any form), which stand for codes.
    pub fn new(words: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut kinds: Vec<String> = Vec::new();
        let mut kind_words = BTreeMap::new();
        for (word, code) in words {
            let at = kinds.iter().position(|kind| *kind == code).unwrap_or_else(|| {
                kinds.push(code);
                kinds.len() - 1
            });
            // A vocabulary pack has a dozen kinds.
            kind_words.insert(plain(&word), u8::try_from(at).unwrap_or(u8::MAX));
        }
        Self { kinds, kind_words, text: String::new(), packed: Vec::new() }
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.packed.len()
    }

    /// The entry at this place.
    pub fn get(&self, at: usize) -> Entry<'_> {
        let packed = &self.packed[at];
        let (mut from, mut texts) = (packed.start as usize, [""; 3]);
        for (text, length) in texts.iter_mut().zip(packed.lengths) {
            *text = &self.text[from..from + usize::from(length)];
            from += usize::from(length);
        }
        let [code, name, parent] = texts;
        let kind = packed.kind.map(|kind| self.kinds[usize::from(kind)].as_str());
        Entry { row: packed.row, code, name, parent, kind, members: packed.members.map(i64::from) }
    }

    /// Keeps what a line says, or tells what is wrong with it.
    pub fn take(&mut self, line: Line<'_>, faults: &mut Vec<Fault>) {
        let before = faults.len();
        let [code, name, parent, kind, members] = [0, 1, 2, 3, 4].map(|column| line.text(column));
        let fault = |column, fault: &FieldError| Fault::of(line.number, column, fault);
        faults.extend(rules::code_fault(code).map(|f| fault(CODE, &f)));
        faults.extend(rules::name_fault(name).map(|f| fault(NAME, &f)));
        let known = self.kind_words.get(&plain(kind)).copied();
        if !kind.is_empty() && known.is_none() {
            faults.push(Fault::new(line.number, KIND, kind, "kind", &""));
        }
        let count = (!members.is_empty()).then(|| members.replace(',', "").parse::<i64>());
        match &count {
            Some(Err(_)) => faults.push(Fault::new(line.number, MEMBERS, members, "number", &"")),
            Some(Ok(n)) => faults.extend(rules::members_fault(*n).map(|f| fault(MEMBERS, &f))),
            None => {}
        }
        if faults.len() > before {
            return;
        }
        let start = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        // A cell's text was cut to 400 characters when it was read.
        let lengths = [code, name, parent].map(|text| u16::try_from(text.len()).unwrap_or(u16::MAX));
        self.text.extend([code, name, parent]);
        let members = count.and_then(Result::ok).and_then(|n| u32::try_from(n).ok());
        self.packed.push(Packed { row: line.number, start, lengths, kind: known, members });
    }
}
