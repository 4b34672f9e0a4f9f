//! The parts of a packed workbook, and how they refer to each other.

use super::{LIMITS, Refused, damaged};
use crate::spreadsheets::{Unreadable, archive};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use zip::ZipArchive;

/// The parts of one workbook.
pub(super) struct Parts {
    pub(super) archive: ZipArchive<BufReader<File>>,
}

/// A reference of a part to another.
struct Relation {
    id: String,
    kind: String,
    target: String,
    external: bool,
}

/// Names, as parts of them, of parts that could act on their own.
const EMBEDDED: [&str; 6] = ["/activex/", "/embeddings/", "customui/", "/connections.xml", "/querytables/", "/webextensions/"];

/// The value of an attribute; none when it is not there.
pub(super) fn attribute(of: &BytesStart<'_>, name: &str) -> Result<Option<String>, Refused> {
    let found = of.try_get_attribute(name).map_err(damaged)?;
    found.map(|found| found.normalized_value(XmlVersion::Implicit1_0).map(std::borrow::Cow::into_owned).map_err(damaged)).transpose()
}

/// The value of an attribute whatever the prefix of its name.
fn attribute_called(of: &BytesStart<'_>, local: &str) -> Result<Option<String>, Refused> {
    for found in of.attributes().with_checks(false) {
        let found = found.map_err(damaged)?;
        if found.key.local_name().as_ref() == local && found.key.as_ref() != local {
            return found.normalized_value(XmlVersion::Implicit1_0).map(|value| Some(value.into_owned())).map_err(damaged);
        }
    }
    Ok(None)
}

/// Visits the elements of a part.
fn elements(text: &str, mut visit: impl FnMut(&BytesStart<'_>) -> Result<(), Refused>) -> Result<(), Refused> {
    let mut reader = Reader::from_str(text);
    loop {
        match reader.read_event().map_err(damaged)? {
            Event::Start(element) | Event::Empty(element) => visit(&element)?,
            Event::DocType(_) => return Err(damaged("a document type is declared")),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

impl Parts {
    /// Opens what is at `path`, weighed.
    pub(super) fn open(path: &Path) -> Result<Self, Refused> {
        let mut file = File::open(path).map_err(damaged)?;
        let bytes = file.metadata().map_err(damaged)?.len();
        if bytes > LIMITS.bytes {
            return Err(Unreadable::TooMuch { what: "bytes", most: LIMITS.bytes }.into());
        }
        let mut first = [0; 4];
        match file.read(&mut first).map_err(damaged)? {
            0 => return Err(Unreadable::Empty.into()),
            4 if first == *b"PK\x03\x04" => {}
            4 if first == [0xD0, 0xCF, 0x11, 0xE0] => return Err(Unreadable::OldWorkbook.into()),
            _ => return Err(Unreadable::NotASpreadsheet.into()),
        }
        archive::weigh(path, bytes, &LIMITS)?;
        let archive = ZipArchive::new(BufReader::new(File::open(path).map_err(damaged)?)).map_err(damaged)?;
        Ok(Self { archive })
    }

    /// The text of a part.
    pub(super) fn text(&mut self, name: &str) -> Result<String, Refused> {
        let mut entry = self.archive.by_name(name).map_err(|_| Refused::Unreadable(Unreadable::NotASpreadsheet))?;
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(damaged)?;
        let text = String::from_utf8(bytes).map_err(|_| damaged(format!("{name} is not UTF-8")))?;
        match text.strip_prefix('\u{feff}') {
            Some(rest) => Ok(rest.to_owned()),
            None => Ok(text),
        }
    }

    fn names(&self) -> Result<Vec<String>, Refused> {
        self.archive.file_names().map(|name| name.map(std::borrow::Cow::into_owned).map_err(damaged)).collect()
    }

    /// Refuses what could act on its own.
    pub(super) fn check(&mut self) -> Result<(), Refused> {
        let names = self.names()?;
        for name in &names {
            let low = name.to_lowercase();
            if low.ends_with("vbaproject.bin") || low.contains("/macrosheets/") {
                return Err(Refused::Macros);
            }
            if low.contains("/externallinks/") {
                return Err(Refused::External(name.clone()));
            }
            if EMBEDDED.iter().any(|part| low.contains(part)) {
                return Err(Refused::Embedded(name.clone()));
            }
        }
        if self.text("[Content_Types].xml")?.contains("macroEnabled") {
            return Err(Refused::Macros);
        }
        for name in names.iter().filter(|name| name.contains("_rels/")) {
            let relations = relations(&self.text(name)?)?;
            if let Some(outside) = relations.iter().find(|one| one.external && !one.kind.ends_with("/hyperlink")) {
                return Err(Refused::External(outside.target.clone()));
            }
        }
        self.sheets().map(drop)
    }

    /// The part of the book, and the part of each sheet by its name.
    pub(super) fn sheets(&mut self) -> Result<(String, BTreeMap<String, String>), Refused> {
        let nothing = || Refused::Unreadable(Unreadable::NotASpreadsheet);
        let root = relations(&self.text("_rels/.rels")?)?;
        let book = root.into_iter().find(|one| one.kind.ends_with("/officeDocument")).ok_or_else(nothing)?;
        let book = resolved("", &book.target);
        let (folder, file) = book.rsplit_once('/').unwrap_or(("", &book));
        let beside = if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") };
        let targets: BTreeMap<_, _> = relations(&self.text(&beside)?)?.into_iter().map(|one| (one.id, one.target)).collect();
        let mut sheets = BTreeMap::new();
        elements(&self.text(&book)?, |element| {
            if element.local_name().as_ref() == "sheet"
                && let (Some(name), Some(id)) = (attribute(element, "name")?, attribute_called(element, "id")?)
                && let Some(target) = targets.get(&id)
            {
                sheets.insert(name, resolved(folder, target));
            }
            Ok(())
        })?;
        if sheets.is_empty() { Err(nothing()) } else { Ok((book, sheets)) }
    }
}

fn relations(text: &str) -> Result<Vec<Relation>, Refused> {
    let mut found = Vec::new();
    elements(text, |element| {
        if element.local_name().as_ref() == "Relationship" {
            let value = |name| attribute(element, name).map(Option::unwrap_or_default);
            let external = value("TargetMode")? == "External";
            found.push(Relation { id: value("Id")?, kind: value("Type")?, target: value("Target")?, external });
        }
        Ok(())
    })?;
    Ok(found)
}

/// The name of the part that `target` means in `folder`; it is looked up among names and is no path of ours (S4).
fn resolved(folder: &str, target: &str) -> String {
    let from = if target.starts_with('/') { "" } else { folder };
    let mut segments: Vec<&str> = Vec::new();
    for segment in from.split('/').chain(target.split('/')) {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            name => segments.push(name),
        }
    }
    segments.join("/")
}
