//! What was measured, as a picture: for each problem a line, for each contestant a point at its ratio to the code by hand.

use std::error::Error;
use std::path::Path;

use plotters::prelude::*;
use plotters::style::{FontStyle, register_font};

use crate::measure::Comparison;
use crate::table::names;

const FONT: &str = "sans-serif";
const INK: RGBColor = RGBColor(38, 42, 51);
const LINES: RGBColor = RGBColor(224, 227, 232);
/// By hand, tapeless, and the others.
const COLOURS: [RGBColor; 11] = [
    RGBColor(38, 42, 51),
    RGBColor(200, 60, 44),
    RGBColor(31, 119, 180),
    RGBColor(23, 160, 170),
    RGBColor(120, 200, 205),
    RGBColor(148, 103, 189),
    RGBColor(214, 140, 30),
    RGBColor(236, 195, 90),
    RGBColor(60, 140, 60),
    RGBColor(227, 119, 194),
    RGBColor(130, 130, 130),
];

/// Draws the ratios on a logarithmic scale.
pub(crate) fn draw(path: &Path, comparisons: &[Comparison]) -> Result<(), Box<dyn Error>> {
    // To measure text.
    register_font(FONT, FontStyle::Normal, dejavu::sans::regular()).map_err(|_| "the font is damaged")?;
    let ratios = || comparisons.iter().flat_map(|one| one.rows.iter().map(|row| row.ratio));
    let (least, greatest) = (ratios().fold(1.0, f64::min), ratios().fold(1.0, f64::max));
    let page = SVGBackend::new(path, (1000, 620)).into_drawing_area();
    page.fill(&WHITE)?;
    let text = |size: i32| (FONT, size).into_font().color(&INK);
    let mut chart = ChartBuilder::on(&page)
        .caption("Time of a gradient or training step / time by hand", text(20))
        .margin(16)
        .x_label_area_size(36)
        .y_label_area_size(190)
        .build_cartesian_2d(
            (least * 0.7..greatest * 2.0).log_scale(),
            -0.6..comparisons.len() as f64 - 0.4,
        )?;
    let title = |y: &f64| {
        let problem = comparisons.iter().rev().nth(y.round() as usize);
        problem.map_or(String::new(), |problem| problem.title.to_owned())
    };
    chart
        .configure_mesh()
        .light_line_style(WHITE)
        .bold_line_style(LINES)
        .axis_style(INK)
        .y_labels(comparisons.len())
        .y_label_formatter(&title)
        .x_label_formatter(&|ratio| format!("{ratio}"))
        .label_style(text(14))
        .draw()?;
    for (name, colour) in names(comparisons).into_iter().zip(COLOURS.iter().cycle()) {
        let radius = if name == "tapeless" { 7 } else { 5 };
        let lines = comparisons.iter().rev().enumerate();
        let points = lines.filter_map(|(y, comparison)| {
            let row = comparison.rows.iter().find(|row| row.name == name)?;
            Some(Circle::new((row.ratio, y as f64), radius, colour.filled()))
        });
        chart
            .draw_series(points)?
            .label(name)
            .legend(move |(x, y)| Circle::new((x + 8, y), radius, colour.filled()));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::MiddleRight)
        .background_style(WHITE)
        .border_style(LINES)
        .label_font(text(14))
        .draw()?;
    page.present()?;
    Ok(())
}
