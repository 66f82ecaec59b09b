//! Loss and accuracy after each epoch.

use std::ops::Range;
use std::path::Path;

use plotters::coord::ranged1d::ValueFormatter;
use plotters::coord::types::RangedCoordusize;
use plotters::prelude::*;

use super::{FAINT, INK, LINES, Outcome, bold, percent, picture, text};
use crate::training::Epoch;

const WIDTH: i32 = 1200;
const HEIGHT: i32 = 600;
const TRAINING: RGBColor = RGBColor(108, 138, 180);
const HELD_OUT: RGBColor = RGBColor(208, 84, 46);
/// With more epochs than these, the points on the curves are left out, and so is the epoch before training.
const FEW: usize = 3;

/// Draws loss and accuracy after each epoch, on the training digits and on those held out.
pub(crate) fn draw(path: &Path, history: &[Epoch]) -> Outcome {
    let last = history.last().ok_or("there is no epoch to draw")?;
    let epochs = history.len() - 1;
    let summary = format!(
        "epoch {epochs}: loss {:.3}, accuracy {} on digits it has never seen",
        last.held_out.loss,
        percent(last.held_out.accuracy)
    );
    // How bad the network is before training says little, and would squeeze the curves.
    let first = usize::from(epochs > FEW);
    let curves = |of: fn(&Epoch) -> [f64; 2]| {
        [0, 1].map(|curve| {
            let points = history.iter().map(|epoch| of(epoch)[curve]).enumerate();
            points.skip(first).collect::<Vec<_>>()
        })
    };
    let losses = curves(|epoch| [epoch.training.loss, epoch.held_out.loss].map(f64::from));
    let accuracies = curves(|epoch| [epoch.training.accuracy, epoch.held_out.accuracy].map(|part| 100.0 * part));

    picture(path, (WIDTH, HEIGHT), "How the network learned", &summary, |area| {
        let (left, right) = area.split_horizontally(WIDTH / 2);
        let chart = |area, caption| {
            let mut chart = ChartBuilder::on(area);
            chart
                .margin(20)
                .margin_right(30)
                .margin_top(0)
                .x_label_area_size(50)
                .y_label_area_size(80)
                .caption(caption, bold(18, INK));
            chart
        };
        let ticks = loss_ticks(&losses);
        let bounds = ticks[0]..ticks[ticks.len() - 1];
        draw_curves(
            chart(&left, "Loss")
                .build_cartesian_2d(first..epochs, bounds.log_scale().with_key_points(ticks.clone()))?,
            &losses,
            "cross-entropy, on a logarithmic scale",
            SeriesLabelPosition::UpperRight,
            &loss_label,
        )?;
        draw_curves(
            chart(&right, "Accuracy").build_cartesian_2d(first..epochs, accuracy_bounds(&accuracies))?,
            &accuracies,
            "digits read correctly",
            SeriesLabelPosition::LowerRight,
            &|accuracy| format!("{accuracy:.0} %"),
        )
    })
}

/// The curves of the training digits and of those held out: epochs and numbers.
type Curves = [Vec<(usize, f64)>; 2];

fn values(curves: &Curves) -> impl Iterator<Item = f64> {
    curves.iter().flatten().map(|(_, value)| *value)
}

/// Numbers that enclose the losses: 1, 2 and 5 times powers of ten, or only powers of ten if those are too many.
fn loss_ticks(losses: &Curves) -> Vec<f64> {
    const MOST: usize = 9;
    let lowest = values(losses).fold(f64::INFINITY, f64::min);
    let highest = values(losses).fold(0.0, f64::max);
    let ticks = enclosing(&[1, 2, 5], lowest, highest);
    if ticks.len() > MOST {
        enclosing(&[1], lowest, highest)
    } else {
        ticks
    }
}

/// Some multiples of powers of ten, from the last below the lowest number to the first above the highest.
fn enclosing(multiples: &[u32], lowest: f64, highest: f64) -> Vec<f64> {
    let steps: Vec<f64> = (-6..=f32::MAX_10_EXP)
        .flat_map(|power| multiples.iter().map(move |multiple| format!("{multiple}e{power}")))
        .map(|number| number.parse().expect("a number"))
        .collect();
    let first = steps.partition_point(|step| *step <= lowest).clamp(1, steps.len() - 1) - 1;
    let last = steps
        .partition_point(|step| *step < highest)
        .clamp(first + 1, steps.len() - 1);
    steps[first..=last].to_vec()
}

/// A loss beside its axis.
fn loss_label(loss: &f64) -> String {
    if (1e-4..1e5).contains(loss) {
        loss.to_string()
    } else {
        format!("{loss:e}")
    }
}

/// From a multiple of ten percent to a little above 100, so that a curve at 100 can be seen.
fn accuracy_bounds(accuracies: &Curves) -> Range<f64> {
    let lowest = values(accuracies).fold(100.0, f64::min);
    let floor = ((lowest / 10.0).floor() * 10.0).min(90.0);
    floor..100.0 + 0.02 * (100.0 - floor)
}

/// Draws two curves with axes and a legend.
fn draw_curves<'a, Y: Ranged<ValueType = f64> + ValueFormatter<f64>>(
    mut chart: ChartContext<'a, SVGBackend<'a>, Cartesian2d<RangedCoordusize, Y>>,
    curves: &Curves,
    y_axis: &str,
    legend: SeriesLabelPosition,
    label: &dyn Fn(&f64) -> String,
) -> Outcome {
    chart
        .configure_mesh()
        .x_desc("epoch")
        .y_desc(y_axis)
        .x_labels(11)
        .axis_desc_style(text(16, FAINT))
        .label_style(text(15, INK))
        .bold_line_style(LINES)
        .light_line_style(TRANSPARENT)
        .axis_style(FAINT)
        .y_label_formatter(label)
        .draw()?;
    let names = [("training digits", TRAINING), ("held-out digits", HELD_OUT)];
    for (points, (name, color)) in curves.iter().zip(names) {
        chart
            .draw_series(LineSeries::new(points.iter().copied(), color.stroke_width(3)))?
            .label(name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 24, y)], color.stroke_width(3)));
        if points.len() <= FEW + 1 {
            chart.draw_series(points.iter().map(|point| Circle::new(*point, 5, color.filled())))?;
        }
    }
    chart
        .configure_series_labels()
        .position(legend)
        .legend_area_size(34)
        .margin(14)
        .label_font(text(16, INK))
        .background_style(WHITE)
        .border_style(LINES)
        .draw()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(values: &[f64]) -> Curves {
        [values.iter().copied().enumerate().collect(), Vec::new()]
    }

    #[test]
    fn ticks_enclose_the_losses() {
        assert_eq!(loss_ticks(&curve(&[0.9, 0.13, 0.3])), [0.1, 0.2, 0.5, 1.0]);
        assert_eq!(loss_ticks(&curve(&[2.0, 0.5])), [0.5, 1.0, 2.0]);
        assert_eq!(loss_ticks(&curve(&[1.0])), [1.0, 2.0]);
        assert_eq!(loss_ticks(&curve(&[0.0])), [1e-6, 2e-6]);
        assert_eq!(loss_ticks(&curve(&[2.0, 3e3])), [1.0, 1e1, 1e2, 1e3, 1e4]);
        assert_eq!(loss_ticks(&curve(&[f64::from(f32::MAX); 2])), [2e38, 5e38]);
    }

    #[test]
    fn labels_are_short() {
        assert_eq!([0.02, 50.0, 2e7].map(|loss| loss_label(&loss)), ["0.02", "50", "2e7"]);
    }

    #[test]
    fn bounds_enclose_the_accuracies() {
        assert_eq!(accuracy_bounds(&curve(&[84.0, 99.0])), 80.0..100.4);
        assert_eq!(accuracy_bounds(&curve(&[100.0])), 90.0..100.2);
        assert_eq!(accuracy_bounds(&curve(&[9.0])), 0.0..102.0);
    }
}
