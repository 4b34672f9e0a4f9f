//! Drawings as files: a PDF whose text is text, and a picture.

use super::fonts::Fonts;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla_svg::{SurfaceExt, SvgSettings};
use resvg::{tiny_skia, usvg};

/// Width and height of a sheet in points.
pub type Size = (f32, f32);

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

/// Drawings as a PDF, each on a page of its own.
///
/// # Errors
///
/// A drawing or a font that the library does not take.
pub fn pdf(svgs: &[String], (width, height): Size, fonts: &Fonts, title: &str, language: &str) -> Result<Vec<u8>, NotPainted> {
    let mut document = krilla::Document::new();
    document.set_metadata(Metadata::new().title(title.to_owned()).language(language.to_owned()).creator("Kaijiang".to_owned()));
    let size = krilla::geom::Size::from_wh(width, height).ok_or_else(|| failed("size"))?;
    for svg in svgs {
        let tree = read(svg, fonts)?;
        let mut page = document.start_page_with(PageSettings::from_wh(width, height).ok_or_else(|| failed("size"))?);
        let mut surface = page.surface();
        surface.draw_svg(&tree, size, SvgSettings::default()).ok_or_else(|| failed("drawing"))?;
        surface.finish();
        page.finish();
    }
    document.finish().map_err(failed)
}

/// A drawing as a PNG of `pixels` across.
///
/// # Errors
///
/// A drawing that the library does not take.
pub fn png(svg: &str, (width, height): Size, pixels: f32, fonts: &Fonts) -> Result<Vec<u8>, NotPainted> {
    let tree = read(svg, fonts)?;
    let scale = pixels / width;
    let mut picture = tiny_skia::Pixmap::new(pixels.round() as u32, (height * scale).round() as u32).ok_or_else(|| failed("size"))?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut picture.as_mut());
    picture.encode_png().map_err(failed)
}
