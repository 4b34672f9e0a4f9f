//! A blank workbook to fill in: the columns that an import reads, with lists to choose from, notes, an example and instructions.

use super::rules::VENUES;
use super::sheet::{CAMPAIGN, COLUMNS, HELD_AT, LECTURER, MINUTES, ORGANISATION, PEOPLE, REQUIRED, TITLE, name};
use crate::i18n::Texts;
use crate::lessons::rules::{FORMS, LECTURER_KINDS, TOPICS};
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Format, FormatAlign, Formula, Note, Workbook,
    Worksheet, XlsxError,
};

/// Rows that have lists to choose from.
const ROWS: u32 = 10_000;

/// What goes into the lists.
#[derive(Debug)]
pub struct Lists {
    /// Code and name of organisations that the reader records for; all of them, or none.
    pub organisations: Vec<(String, String)>,
    /// Title of the campaign that the file is for; empty for none.
    pub campaign: String,
}

/// Families of words that are chosen from, by their columns.
const FAMILIES: [(&str, &str, &[&str]); 4] = [
    ("lecturer-kind", "lecturer-kind", &LECTURER_KINDS),
    ("form", "form", &FORMS),
    ("venue-kind", "venue", &VENUES),
    ("topic", "topic", &TOPICS),
];

/// The workbook. Blocks, for as long as a few sheets take.
///
/// # Errors
///
/// When it can't be written, which is a failure of ours.
pub fn workbook(texts: &Texts, lists: &Lists) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let choices = choices(texts, lists);
    sheet(book.add_worksheet(), texts, &choices)?;
    instructions(book.add_worksheet(), texts, lists)?;
    let words = book.add_worksheet();
    words.set_name(texts.s("held-blank-lists"))?;
    for (column, (code, entries)) in (0..).zip(&choices) {
        words.write_string_with_format(0, column, name(texts, code), &Format::new().set_bold())?;
        words.write_column(1, column, entries)?;
        words.set_column_width(column, 24)?;
    }
    if !lists.organisations.is_empty() {
        organisations(book.add_worksheet(), texts, lists)?;
    }
    book.save_to_buffer()
}

/// Columns with what may stand in them.
fn choices(texts: &Texts, lists: &Lists) -> Vec<(&'static str, Vec<String>)> {
    let words =
        |(column, family, codes): (&'static str, &str, &[&str])| (column, codes.iter().map(|code| texts.coded(family, code)).collect());
    let mut choices: Vec<_> = FAMILIES.into_iter().map(words).collect();
    if !lists.campaign.is_empty() {
        choices.push((CAMPAIGN, vec![lists.campaign.clone()]));
    }
    if !lists.organisations.is_empty() {
        choices.push((ORGANISATION, lists.organisations.iter().map(|(code, _)| code.clone()).collect()));
    }
    choices
}

/// The sheet to fill in: the first, which is the one that is read.
fn sheet(sheet: &mut Worksheet, texts: &Texts, choices: &[(&'static str, Vec<String>)]) -> Result<(), XlsxError> {
    sheet.set_name(texts.s("held-blank-sheet"))?;
    let head =
        Format::new().set_bold().set_background_color(Color::RGB(0x00F3_EDE4)).set_align(FormatAlign::VerticalCenter).set_text_wrap();
    let needed = head.clone().set_font_color(Color::RGB(0x009B_1C1C));
    for (at, code) in (0..).zip(COLUMNS) {
        let required = usize::from(at) < REQUIRED;
        let title = if required { format!("{} *", name(texts, code)) } else { name(texts, code) };
        sheet.write_string_with_format(0, at, title, if required { &needed } else { &head })?;
        sheet.insert_note(0, at, &Note::new(texts.coded("held-blank-note", code)).add_author_prefix(false).set_width(260))?;
        sheet.set_column_width(at, width(code))?;
        sheet.set_column_format(at, &look(code))?;
        if let Some(rule) = rule(code, texts, choices)? {
            sheet.add_data_validation(1, at, ROWS, at, &rule)?;
        }
    }
    sheet.set_row_height(0, 30)?;
    sheet.set_freeze_panes(1, 0)?;
    Ok(())
}

fn width(code: &str) -> f64 {
    match code {
        TITLE => 36.0,
        "note" | "place" | CAMPAIGN => 26.0,
        MINUTES | PEOPLE => 10.0,
        _ => 18.0,
    }
}

/// Codes keep their zeros, times show as times.
fn look(code: &str) -> Format {
    match code {
        HELD_AT => Format::new().set_num_format("yyyy-mm-dd hh:mm"),
        MINUTES | PEOPLE => Format::new().set_num_format("0"),
        _ => Format::new().set_num_format("@"),
    }
}

fn rule(code: &str, texts: &Texts, choices: &[(&'static str, Vec<String>)]) -> Result<Option<DataValidation>, XlsxError> {
    let rule = DataValidation::new();
    let rule = match code {
        MINUTES => rule.allow_whole_number(DataValidationRule::Between(1, 1_440)),
        PEOPLE => rule.allow_whole_number(DataValidationRule::Between(0, 100_000)),
        HELD_AT => rule.allow_date(DataValidationRule::GreaterThanOrEqualTo(ExcelDateTime::from_ymd(2000, 1, 1)?)),
        TITLE => rule.allow_text_length(DataValidationRule::Between(1, 200)),
        LECTURER => rule.allow_text_length(DataValidationRule::Between(1, 100)),
        _ => match choices.iter().position(|(column, _)| *column == code) {
            Some(at) => rule.allow_list_formula(range(&texts.s("held-blank-lists"), at, choices[at].1.len())),
            None => return Ok(None),
        },
    };
    let message = texts.coded("held-blank-note", code);
    // The program shows at most 255 characters.
    let message: String = message.chars().take(250).collect();
    let title: String = name(texts, code).chars().take(30).collect();
    // A campaign or an organisation may be meant that is not in the list.
    let style = if code == CAMPAIGN { DataValidationErrorStyle::Warning } else { DataValidationErrorStyle::Stop };
    Ok(Some(rule.set_error_style(style).set_error_title(title)?.set_error_message(message)?))
}

/// `='Lists'!$B$2:$B$9`
fn range(sheet: &str, column: usize, entries: usize) -> Formula {
    let letter = char::from(b'A' + u8::try_from(column).unwrap_or(0));
    Formula::new(format!("='{}'!${letter}$2:${letter}${}", sheet.replace('\'', "''"), entries + 1))
}

/// How to fill it in, with an example.
fn instructions(sheet: &mut Worksheet, texts: &Texts, lists: &Lists) -> Result<(), XlsxError> {
    sheet.set_name(texts.s("held-blank-instructions"))?;
    let (bold, wrap) = (Format::new().set_bold(), Format::new().set_text_wrap().set_align(FormatAlign::Top));
    sheet.set_column_width(0, 22)?.set_column_width(1, 70)?.set_column_width(2, 30)?;
    sheet.write_string_with_format(0, 0, texts.s("held-blank-title"), &bold)?;
    sheet.write_string_with_format(1, 1, texts.s("held-blank-how"), &wrap)?;
    for (column, key) in (0..).zip(["import-column", "held-blank-meaning", "held-blank-example"]) {
        sheet.write_string_with_format(3, column, texts.s(key), &bold)?;
    }
    for (row, code) in (4..).zip(COLUMNS) {
        let family = FAMILIES.iter().find(|(column, ..)| *column == code);
        let example = match code {
            ORGANISATION => lists.organisations.first().map(|(code, _)| code.clone()).unwrap_or_default(),
            CAMPAIGN => lists.campaign.clone(),
            _ => family.map_or_else(|| texts.coded("held-blank-example", code), |(_, family, codes)| texts.coded(family, codes[0])),
        };
        sheet.write_string_with_format(row, 0, name(texts, code), &bold)?;
        sheet.write_string_with_format(row, 1, texts.coded("held-blank-note", code), &wrap)?;
        sheet.write_string_with_format(row, 2, example, &wrap)?;
    }
    Ok(())
}

fn organisations(sheet: &mut Worksheet, texts: &Texts, lists: &Lists) -> Result<(), XlsxError> {
    sheet.set_name(texts.s("held-blank-organisations"))?;
    for (column, code) in (0..).zip([ORGANISATION, "organisation-name"]) {
        sheet.write_string_with_format(0, column, name(texts, code), &Format::new().set_bold())?;
        sheet.set_column_width(column, 30)?;
    }
    for (row, (code, organisation)) in (1..).zip(&lists.organisations) {
        sheet.write_string(row, 0, code)?;
        sheet.write_string(row, 1, crate::spreadsheets::harmless(organisation.clone()))?;
    }
    Ok(())
}
