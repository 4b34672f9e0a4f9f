//! One drawing, two files: a PDF whose text is text, and a picture.

use super::fonts::Fonts;
use krilla::geom::Size;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla_svg::{SurfaceExt, SvgSettings};
use resvg::{tiny_skia, usvg};

/// Points of the picture for a point of the sheet: 1,240 pixels across.
const SCALE: f32 = 1240.0 / super::layout::SHEET.0;

/// What could not be done, for the log.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct NotPainted(String);

fn failed(why: impl std::fmt::Debug) -> NotPainted {
    NotPainted(format!("{why:?}"))
}

fn read(svg: &str, fonts: &Fonts) -> Result<usvg::Tree, NotPainted> {
    let options = usvg::Options { fontdb: fonts.database.clone(), font_family: fonts.text.to_owned(), ..usvg::Options::default() };
    usvg::Tree::from_str(svg, &options).map_err(failed)
}

/// The drawing as a PDF of one page.
///
/// # Errors
///
/// A drawing or a font that the library does not take.
pub fn pdf(svg: &str, fonts: &Fonts, title: &str, language: &str) -> Result<Vec<u8>, NotPainted> {
    let tree = read(svg, fonts)?;
    let (width, height) = super::layout::SHEET;
    let mut document = krilla::Document::new();
    document.set_metadata(Metadata::new().title(title.to_owned()).language(language.to_owned()).creator("Kaijiang".to_owned()));
    let mut page = document.start_page_with(PageSettings::from_wh(width, height).ok_or_else(|| failed("size"))?);
    let mut surface = page.surface();
    let size = Size::from_wh(width, height).ok_or_else(|| failed("size"))?;
    surface.draw_svg(&tree, size, SvgSettings::default()).ok_or_else(|| failed("drawing"))?;
    surface.finish();
    page.finish();
    document.finish().map_err(failed)
}

/// The drawing as a PNG.
///
/// # Errors
///
/// A drawing that the library does not take.
pub fn png(svg: &str, fonts: &Fonts) -> Result<Vec<u8>, NotPainted> {
    let tree = read(svg, fonts)?;
    let (width, height) = super::layout::SHEET;
    let mut picture =
        tiny_skia::Pixmap::new((width * SCALE).round() as u32, (height * SCALE).round() as u32).ok_or_else(|| failed("size"))?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(SCALE, SCALE), &mut picture.as_mut());
    picture.encode_png().map_err(failed)
}
