//! How often each digit was read as each.

use std::path::Path;

use plotters::prelude::*;
use tapeless_examples::data::{CLASSES, Digit};

use super::{Area, FAINT, HEADING, INK, Outcome, RIGHT, WRONG, bold, centered, percent, picture, text, tint};
use crate::training::Reading;

/// The side of a cell, and of all cells.
const CELL: i32 = 56;
const CELLS: i32 = CELL * CLASSES as i32;
/// The upper left corner of the cells, below the heading.
const LEFT: i32 = 110;
const TOP: i32 = 76;
/// The middle of the column with the shares.
const SHARES: i32 = LEFT + CELLS + 64;

/// How often each digit, the row, was read as each, the column.
type Counts = [[usize; CLASSES]; CLASSES];

/// Draws how often each digit was read as each.
pub(crate) fn draw(path: &Path, digits: &[Digit], readings: &[Reading]) -> Outcome {
    let counts = count(digits, readings);
    let right: usize = (0..CLASSES).map(|class| counts[class][class]).sum();
    let summary = format!(
        "{right} of {} held-out digits are read correctly: {}",
        digits.len(),
        percent(right as f64 / digits.len() as f64)
    );
    let size = (LEFT + CELLS + 140, HEADING + TOP + CELLS + 30);
    picture(path, size, "What the network confuses", &summary, |area| {
        draw_names(area)?;
        for (class, row) in counts.iter().enumerate() {
            draw_row(area, class, row)?;
        }
        Ok(())
    })
}

fn count(digits: &[Digit], readings: &[Reading]) -> Counts {
    let mut counts = Counts::default();
    for (digit, reading) in digits.iter().zip(readings) {
        counts[digit.label][reading.label] += 1;
    }
    counts
}

/// The middle of a cell, from the beginning of the cells.
fn middle(class: usize) -> i32 {
    CELL * class as i32 + CELL / 2
}

fn draw_names(area: &Area<'_>) -> Outcome {
    let faint = centered(text(17, FAINT));
    let sideways = faint.transform(FontTransform::Rotate270);
    area.draw_text("digit that was read", &faint, (LEFT + CELLS / 2, 18))?;
    area.draw_text("digit that was written", &sideways, (44, TOP + CELLS / 2))?;
    area.draw_text("correct", &faint, (SHARES, 54))?;
    for class in 0..CLASSES {
        let name = class.to_string();
        area.draw_text(&name, &centered(bold(20, INK)), (LEFT + middle(class), 54))?;
        area.draw_text(&name, &centered(bold(20, INK)), (LEFT - 24, TOP + middle(class)))?;
    }
    Ok(())
}

/// The cells of a digit that was written, and which share of them was read correctly.
fn draw_row(area: &Area<'_>, class: usize, row: &[usize; CLASSES]) -> Outcome {
    let total: usize = row.iter().sum();
    let y = TOP + CELL * class as i32;
    for (read, count) in row.iter().enumerate() {
        let x = LEFT + CELL * read as i32;
        let share = *count as f64 / total.max(1) as f64;
        let (fill, ink) = match (*count, read == class) {
            (0, _) => (RGBColor(245, 246, 248), FAINT),
            (_, true) => shade(RIGHT, 0.2 + 0.8 * share),
            // Few mistakes are to be seen, too.
            (_, false) => shade(WRONG, (0.25 + 2.0 * share).min(1.0)),
        };
        let cell = [(x + 1, y + 1), (x + CELL - 1, y + CELL - 1)];
        area.draw(&Rectangle::new(cell, fill.filled()))?;
        if *count > 0 {
            let center = (x + CELL / 2, y + CELL / 2);
            area.draw_text(&count.to_string(), &centered(text(20, ink)), center)?;
        }
    }
    let share = match total {
        0 => "none".to_string(),
        _ => percent(row[class] as f64 / total as f64),
    };
    area.draw_text(&share, &centered(text(17, INK)), (SHARES, y + CELL / 2))?;
    Ok(())
}

/// A fill, and the color of text that can be read on it.
fn shade(color: RGBColor, strength: f64) -> (RGBColor, RGBColor) {
    (tint(color, strength), if strength > 0.55 { WHITE } else { INK })
}

#[cfg(test)]
mod tests {
    use tapeless_examples::data::PIXELS;

    use super::*;

    #[test]
    fn rows_are_written_and_columns_read() {
        let digit = |label| Digit {
            pixels: [0.0; PIXELS],
            label,
        };
        let reading = |label| Reading {
            probabilities: [0.1; CLASSES],
            label,
        };
        let counts = count(&[digit(3), digit(3), digit(7)], &[reading(3), reading(8), reading(3)]);
        assert_eq!((counts[3][3], counts[3][8], counts[7][3], counts[7][7]), (1, 1, 1, 0));
        assert_eq!(counts.as_flattened().iter().sum::<usize>(), 3);
    }
}
