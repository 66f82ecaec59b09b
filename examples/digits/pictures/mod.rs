//! Pictures: how the network learned, what it confuses, and what it got wrong.
//!
//! They are drawn as vectors and turned into pixels with a font that comes with a crate, so that none has to be
//! installed.

pub(crate) mod confusion_matrix;
pub(crate) mod learning_curve;
pub(crate) mod mistakes;

use std::error::Error;
use std::path::Path;
use std::sync::Arc;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, register_font};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

/// What can go wrong while a picture is drawn.
pub(crate) type Outcome = Result<(), Box<dyn Error + Send + Sync>>;
/// A part of a picture.
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// Pixels for each unit of length, for screens of high resolution.
const SCALE: f32 = 2.0;
/// The height of the heading of a picture.
const HEADING: i32 = 90;
/// The margin at the left of a picture.
const MARGIN: i32 = 30;

const FONT: &str = "sans-serif";
const INK: RGBColor = RGBColor(38, 42, 51);
const FAINT: RGBColor = RGBColor(104, 110, 122);
const LINES: RGBColor = RGBColor(224, 227, 232);
const RIGHT: RGBColor = RGBColor(31, 119, 92);
const WRONG: RGBColor = RGBColor(200, 60, 44);

/// Draws a picture with a heading and a line of text below it, and writes it as PNG.
fn picture(
    path: &Path,
    (width, height): (i32, i32),
    heading: &str,
    summary: &str,
    draw: impl FnOnce(&Area<'_>) -> Outcome,
) -> Outcome {
    // To measure text.
    for (style, font) in [
        (FontStyle::Normal, dejavu::sans::regular()),
        (FontStyle::Bold, dejavu::sans::bold()),
    ] {
        register_font(FONT, style, font).map_err(|_| "the font is damaged")?;
    }
    let mut svg = String::new();
    {
        let page = SVGBackend::with_string(&mut svg, (width as u32, height as u32)).into_drawing_area();
        page.fill(&WHITE)?;
        page.draw_text(heading, &bold(26, INK), (MARGIN, 24))?;
        page.draw_text(summary, &text(17, FAINT), (MARGIN, 56))?;
        let (_, area) = page.split_vertically(HEADING);
        draw(&area)?;
        page.present()?;
    }
    write_png(&svg, path)
}

/// Turns a drawing into pixels.
fn write_png(svg: &str, path: &Path) -> Outcome {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(dejavu::sans::regular().to_vec());
    fonts.load_font_data(dejavu::sans::bold().to_vec());
    fonts.set_sans_serif_family("DejaVu Sans");
    let options = Options {
        fontdb: Arc::new(fonts),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options)?;
    let size = tree
        .size()
        .to_int_size()
        .scale_by(SCALE)
        .ok_or("the picture is empty")?;
    let mut pixels = Pixmap::new(size.width(), size.height()).ok_or("the picture is empty")?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
    std::fs::write(path, pixels.encode_png()?)?;
    Ok(())
}

fn text<'t>(size: i32, color: RGBColor) -> TextStyle<'t> {
    (FONT, size).into_font().color(&color)
}

fn bold<'t>(size: i32, color: RGBColor) -> TextStyle<'t> {
    (FONT, size).into_font().style(FontStyle::Bold).color(&color)
}

fn centered(style: TextStyle<'_>) -> TextStyle<'_> {
    style.pos(Pos::new(HPos::Center, VPos::Center))
}

fn percent(part: f64) -> String {
    format!("{:.1} %", 100.0 * part)
}

/// A color, thinned with white.
fn tint(color: RGBColor, strength: f64) -> RGBColor {
    let channel = |channel: u8| (255.0 - strength * (255.0 - f64::from(channel))).round() as u8;
    RGBColor(channel(color.0), channel(color.1), channel(color.2))
}
