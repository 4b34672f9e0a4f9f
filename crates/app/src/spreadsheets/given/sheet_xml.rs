//! The part of a sheet: cells are filled, all else stays as it is written.

use super::parts::attribute;
use super::{Edit, Edits, Fill, Place, Refused, damaged, place, reference};
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use quick_xml::reader::Reader;
use quick_xml::writer::Writer;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Text and its new cells.
struct Sheet<'x> {
    reader: Reader<&'x [u8]>,
    out: Writer<Vec<u8>>,
    /// Cells that are still to be filled, by row.
    rows: BTreeMap<u32, BTreeMap<u32, &'x Edit>>,
    /// Styles of columns: first, last, style.
    columns: Vec<(u32, u32, String)>,
    /// Cells whose style others take, and what it is.
    liked: HashSet<Place>,
    styles: HashMap<Place, String>,
    /// What stands before the names of elements.
    prefix: String,
}

/// A row that is being written.
struct Row<'x> {
    number: u32,
    style: Option<String>,
    cells: BTreeMap<u32, &'x Edit>,
}

/// The part with `edits` in it.
pub(super) fn filled(text: &str, edits: &Edits) -> Result<String, Refused> {
    let mut rows: BTreeMap<u32, BTreeMap<u32, &Edit>> = BTreeMap::new();
    for ((row, column), edit) in edits {
        rows.entry(*row).or_default().insert(*column, edit);
    }
    let mut sheet = Sheet {
        reader: Reader::from_str(text),
        out: Writer::new(Vec::with_capacity(text.len() + edits.len() * 64)),
        rows,
        columns: Vec::new(),
        liked: edits.values().filter_map(|edit| edit.like).collect(),
        styles: HashMap::new(),
        prefix: String::new(),
    };
    sheet.run()?;
    String::from_utf8(sheet.out.into_inner()).map_err(damaged)
}

fn number(text: Option<&str>) -> Option<u32> {
    text?.parse().ok()
}

impl<'x> Sheet<'x> {
    fn next(&mut self) -> Result<Event<'x>, Refused> {
        match self.reader.read_event().map_err(damaged)? {
            Event::DocType(_) => Err(damaged("a document type is declared")),
            event => Ok(event),
        }
    }

    fn put(&mut self, event: Event<'_>) -> Result<(), Refused> {
        self.out.write_event(event).map_err(damaged)
    }

    fn run(&mut self) -> Result<(), Refused> {
        loop {
            let event = self.next()?;
            match &event {
                Event::Eof => return if self.rows.is_empty() { Ok(()) } else { Err(damaged("the sheet has no data")) },
                // What it says of the sheet's size would be wrong, and nobody needs it.
                Event::Empty(element) if element.local_name().as_ref() == "dimension" => continue,
                Event::Empty(element) | Event::Start(element) if element.local_name().as_ref() == "col" => self.column(element)?,
                Event::Start(element) if element.local_name().as_ref() == "sheetData" => {
                    self.learn_prefix(element);
                    self.put(event)?;
                    self.data()?;
                    continue;
                }
                Event::Empty(element) if element.local_name().as_ref() == "sheetData" && !self.rows.is_empty() => {
                    self.learn_prefix(element);
                    let end = element.to_end().into_owned();
                    self.put(Event::Start(element.borrow()))?;
                    self.rows_before(u32::MAX)?;
                    self.put(Event::End(end))?;
                    continue;
                }
                _ => {}
            }
            self.put(event)?;
        }
    }

    fn learn_prefix(&mut self, data: &BytesStart<'_>) {
        data.name().as_ref().trim_end_matches("sheetData").clone_into(&mut self.prefix);
    }

    fn column(&mut self, element: &BytesStart<'_>) -> Result<(), Refused> {
        let bound = |name| Ok::<_, Refused>(number(attribute(element, name)?.as_deref()));
        if let (Some(first), Some(last), Some(style)) = (bound("min")?, bound("max")?, attribute(element, "style")?) {
            self.columns.push((first.saturating_sub(1), last.saturating_sub(1), style));
        }
        Ok(())
    }

    /// From the first row to the end of the data.
    fn data(&mut self) -> Result<(), Refused> {
        let mut last = 0;
        loop {
            let event = self.next()?;
            let (element, opens) = match &event {
                Event::Start(element) if element.local_name().as_ref() == "row" => (element.to_owned(), true),
                Event::Empty(element) if element.local_name().as_ref() == "row" => (element.to_owned(), false),
                Event::End(end) if end.local_name().as_ref() == "sheetData" => {
                    self.rows_before(u32::MAX)?;
                    return self.put(event);
                }
                Event::Eof => return Err(damaged("the sheet's data have no end")),
                _ => {
                    self.put(event)?;
                    continue;
                }
            };
            let row = attribute(&element, "r")?.map_or(Some(last + 1), |text| number(Some(&text)));
            let row = row.filter(|row| *row > last).ok_or_else(|| damaged("rows are out of order"))?;
            self.rows_before(row)?;
            last = row;
            self.row(&element, row, opens)?;
        }
    }

    /// Writes rows that are not there, up to the one before `row`.
    fn rows_before(&mut self, row: u32) -> Result<(), Refused> {
        while self.rows.first_key_value().is_some_and(|(number, _)| *number < row) {
            let Some((number, cells)) = self.rows.pop_first() else { return Ok(()) };
            let mut start = BytesStart::new(format!("{}row", self.prefix));
            start.push_attribute(("r", number.to_string().as_str()));
            let end = start.to_end().into_owned();
            self.put(Event::Start(start))?;
            self.cells_before(&mut Row { number, style: None, cells }, u32::MAX)?;
            self.put(Event::End(end))?;
        }
        Ok(())
    }

    /// A row that is there.
    fn row(&mut self, element: &BytesStart<'_>, number: u32, opens: bool) -> Result<(), Refused> {
        let cells = self.rows.remove(&number).unwrap_or_default();
        let custom = attribute(element, "customFormat")?.is_some_and(|flag| flag == "1" || flag == "true");
        let style = if custom { attribute(element, "s")? } else { None };
        let mut row = Row { number, style, cells };
        if row.cells.is_empty() {
            self.put(if opens { Event::Start(element.borrow()) } else { Event::Empty(element.borrow()) })?;
            return if opens { self.cells(&mut row) } else { Ok(()) };
        }
        self.put(Event::Start(without(element, "spans")?))?;
        if opens {
            return self.cells(&mut row);
        }
        self.cells_before(&mut row, u32::MAX)?;
        self.put(Event::End(element.to_end().into_owned()))
    }

    /// The cells of a row, to its end.
    fn cells(&mut self, row: &mut Row<'x>) -> Result<(), Refused> {
        let mut next = 0;
        loop {
            let event = self.next()?;
            let (element, opens) = match &event {
                Event::Start(element) if element.local_name().as_ref() == "c" => (element.to_owned(), true),
                Event::Empty(element) if element.local_name().as_ref() == "c" => (element.to_owned(), false),
                Event::End(end) if end.local_name().as_ref() == "row" => {
                    self.cells_before(row, u32::MAX)?;
                    return self.put(event);
                }
                Event::Eof => return Err(damaged("a row has no end")),
                _ => {
                    self.put(event)?;
                    continue;
                }
            };
            let at = attribute(&element, "r")?.map_or(Some(next), |text| place(&text).map(|(_, column)| column));
            let at = at.filter(|at| *at >= next).ok_or_else(|| damaged("cells are out of order"))?;
            self.cells_before(row, at)?;
            next = at + 1;
            let style = attribute(&element, "s")?;
            if let Some(style) = style.as_ref().filter(|_| self.liked.contains(&(row.number, at))) {
                self.styles.insert((row.number, at), style.clone());
            }
            match row.cells.remove(&at) {
                None => self.put(event)?,
                Some(edit) => {
                    if opens {
                        self.pass_over((row.number, at))?;
                    }
                    self.cell((row.number, at), style.as_deref(), &edit.fill)?;
                }
            }
        }
    }

    /// Passes over what a cell says.
    fn pass_over(&mut self, at: Place) -> Result<(), Refused> {
        loop {
            match self.next()? {
                Event::Start(inner) | Event::Empty(inner) if inner.local_name().as_ref() == "f" => {
                    return Err(Refused::Formula(reference(at)));
                }
                Event::End(end) if end.local_name().as_ref() == "c" => return Ok(()),
                Event::Eof => return Err(damaged("a cell has no end")),
                _ => {}
            }
        }
    }

    /// Writes cells that are not there, up to the one before `column`.
    fn cells_before(&mut self, row: &mut Row<'x>, column: u32) -> Result<(), Refused> {
        while let Some((at, edit)) = row.cells.first_key_value().filter(|(at, _)| **at < column).map(|(at, edit)| (*at, *edit)) {
            row.cells.remove(&at);
            let like = edit.like.and_then(|like| self.styles.get(&like).cloned());
            let of_column = || self.columns.iter().find(|(first, last, _)| (*first..=*last).contains(&at)).map(|(.., style)| style.clone());
            let style = like.or_else(|| row.style.clone()).or_else(of_column);
            self.cell((row.number, at), style.as_deref(), &edit.fill)?;
        }
        Ok(())
    }

    fn cell(&mut self, at: Place, style: Option<&str>, fill: &Fill) -> Result<(), Refused> {
        let named = |name: &str| BytesStart::new(format!("{}{name}", self.prefix));
        let (mut cell, mut inner) = (named("c"), Vec::new());
        cell.push_attribute(("r", reference(at).as_str()));
        if let Some(style) = style {
            cell.push_attribute(("s", style));
        }
        let text = match fill {
            Fill::Number(n) => {
                inner.push(named("v"));
                n.to_string()
            }
            Fill::Text(text) => {
                cell.push_attribute(("t", "inlineStr"));
                let mut words = named("t");
                words.push_attribute(("xml:space", "preserve"));
                inner.extend([named("is"), words]);
                crate::spreadsheets::harmless(text.clone())
            }
        };
        let ends: Vec<BytesEnd<'static>> = std::iter::once(&cell).chain(&inner).map(|element| element.to_end().into_owned()).collect();
        for element in std::iter::once(cell).chain(inner) {
            self.put(Event::Start(element))?;
        }
        self.put(Event::Text(BytesText::new(&text)))?;
        for end in ends.into_iter().rev() {
            self.put(Event::End(end))?;
        }
        Ok(())
    }
}

/// The element without one attribute.
fn without(element: &BytesStart<'_>, name: &str) -> Result<BytesStart<'static>, Refused> {
    let mut kept = BytesStart::new(element.name().as_ref().to_owned());
    for attribute in element.attributes().with_checks(false) {
        let attribute = attribute.map_err(damaged)?;
        if attribute.key.as_ref() != name {
            kept.push_attribute(attribute);
        }
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spreadsheets::given::{column, letters};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn f9_columns_are_named_as_spreadsheets_name_them(at in 0_u32..16_384) {
            prop_assert_eq!(column(&letters(at)), Some(at));
            prop_assert_eq!(place(&reference((at + 1, at))), Some((at + 1, at)));
        }
    }
}
