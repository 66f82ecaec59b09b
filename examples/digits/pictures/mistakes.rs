//! The digits that were read wrongly.

use std::path::Path;

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use tapeless_examples::data::{Digit, WIDTH};

use super::{Area, FAINT, HEADING, INK, LINES, MARGIN, Outcome, RIGHT, WRONG, bold, picture, text, tint};
use crate::training::Reading;

/// The side of a pixel of a digit, and of a digit.
const PIXEL: i32 = 20;
const SIDE: i32 = PIXEL * WIDTH as i32;
/// The width and height of a digit with its text and the space around it.
const CELL: (i32, i32) = (SIDE + 28, SIDE + 80);
const COLUMNS: usize = 6;
/// More than these are not drawn.
const MOST: usize = 60;

/// Draws the digits that were read wrongly, with what they are, what the network took them for, and what probability
/// it gave to both.
pub(crate) fn draw(path: &Path, digits: &[Digit], readings: &[Reading]) -> Outcome {
    let wrong: Vec<_> = digits
        .iter()
        .zip(readings)
        .filter(|(digit, reading)| digit.label != reading.label)
        .collect();
    let summary = match wrong.len() {
        0 => format!("nothing: all {} held-out digits are read correctly", digits.len()),
        count if count > MOST => format!(
            "{count} of {} held-out digits; these are the first {MOST}",
            digits.len()
        ),
        count => format!("{count} of {} held-out digits", digits.len()),
    };
    let shown = &wrong[..wrong.len().min(MOST)];
    let rows = shown.len().div_ceil(COLUMNS) as i32;
    let size = (MARGIN + CELL.0 * COLUMNS as i32, HEADING + CELL.1 * rows);
    picture(path, size, "What the network got wrong", &summary, |area| {
        for (index, (digit, reading)) in shown.iter().enumerate() {
            let (row, column) = (index / COLUMNS, index % COLUMNS);
            let corner = (MARGIN + CELL.0 * column as i32, CELL.1 * row as i32);
            draw_digit(area, corner, digit)?;
            draw_caption(area, (corner.0, corner.1 + SIDE + 12), digit, reading)?;
        }
        Ok(())
    })
}

fn draw_digit(area: &Area<'_>, (left, top): (i32, i32), digit: &Digit) -> Outcome {
    for (index, ink) in digit.pixels.iter().enumerate() {
        let (x, y) = (
            left + PIXEL * (index % WIDTH) as i32,
            top + PIXEL * (index / WIDTH) as i32,
        );
        let pixel = Rectangle::new([(x, y), (x + PIXEL, y + PIXEL)], tint(INK, f64::from(*ink)).filled());
        area.draw(&pixel)?;
    }
    area.draw(&Rectangle::new([(left, top), (left + SIDE, top + SIDE)], LINES))?;
    Ok(())
}

fn draw_caption(area: &Area<'_>, (left, mut y): (i32, i32), digit: &Digit, reading: &Reading) -> Outcome {
    for (label, what, color) in [(digit.label, "written", RIGHT), (reading.label, "read as", WRONG)] {
        let flush_right = text(16, FAINT).pos(Pos::new(HPos::Right, VPos::Top));
        let probability = format!("{:.0} %", 100.0 * reading.probabilities[label]);
        area.draw_text(&format!("{what} {label}"), &bold(16, color), (left, y))?;
        area.draw_text(&probability, &flush_right, (left + SIDE, y))?;
        y += 24;
    }
    Ok(())
}
