//! The part of the book: formulas are computed anew when it is opened.

use super::{Refused, damaged};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;
use quick_xml::writer::Writer;

/// Elements of a book that stand between its sheets and the one about computing.
const BETWEEN: [&str; 3] = ["functionGroups", "externalReferences", "definedNames"];

fn computing(prefix: &str, of: Option<&BytesStart<'_>>) -> Result<BytesStart<'static>, Refused> {
    let mut element = BytesStart::new(format!("{prefix}calcPr"));
    if let Some(of) = of {
        for kept in of.attributes().with_checks(false) {
            let kept = kept.map_err(damaged)?;
            if kept.key.as_ref() != "fullCalcOnLoad" {
                element.push_attribute(kept);
            }
        }
    }
    element.push_attribute(("fullCalcOnLoad", "1"));
    Ok(element)
}

/// Name of an element that begins or is whole, and whether it is whole.
fn begins<'e>(event: &'e Event<'_>) -> Option<(&'e BytesStart<'e>, bool)> {
    match event {
        Event::Start(element) => Some((element, false)),
        Event::Empty(element) => Some((element, true)),
        _ => None,
    }
}

/// The part with formulas that are computed when it is opened.
pub(super) fn computed_anew(text: &str) -> Result<String, Refused> {
    let (mut reader, mut out) = (Reader::from_str(text), Writer::new(Vec::new()));
    // Where it says already how it computes, that is changed; else it is said behind the sheets.
    let says = text.contains("calcPr");
    let (mut depth, mut told, mut past, mut prefix) = (0, false, false, String::new());
    loop {
        let event = reader.read_event().map_err(damaged)?;
        let name = begins(&event).map(|(element, _)| element.local_name().as_ref().to_owned()).unwrap_or_default();
        if let (0, Event::Start(root)) = (depth, &event) {
            root.name().as_ref().trim_end_matches("workbook").clone_into(&mut prefix);
        }
        let ends = depth == 1 && matches!(event, Event::End(_));
        let here = past && depth == 1 && !name.is_empty() && !BETWEEN.contains(&name.as_str());
        if !told && !says && (here || ends) {
            told = true;
            out.write_event(Event::Empty(computing(&prefix, None)?)).map_err(damaged)?;
        }
        past |= name == "sheets";
        if let Some((element, whole)) = begins(&event).filter(|_| name == "calcPr") {
            let element = computing(&prefix, Some(element))?;
            if whole {
                out.write_event(Event::Empty(element)).map_err(damaged)?;
                continue;
            }
            depth += 1;
            out.write_event(Event::Start(element)).map_err(damaged)?;
            continue;
        }
        match &event {
            Event::DocType(_) => return Err(damaged("a document type is declared")),
            Event::Eof => return String::from_utf8(out.into_inner()).map_err(damaged),
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        out.write_event(event).map_err(damaged)?;
    }
}
