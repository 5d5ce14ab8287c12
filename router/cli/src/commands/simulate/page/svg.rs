//! Drawing: scales with readable ticks, and the few marks that the plots are made of.

use crate::commands::simulate::words;
use std::fmt::Write as _;

/// From values to pixels.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    is_log: bool,
}

impl Scale {
    /// A straight scale from `low` to at least `high`, rounded up to a tick.
    pub fn straight(low: f64, high: f64, from: f64, to: f64) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        let step = step(low, high);
        Self { low, high: (high / step).ceil() * step, from, to, is_log: false }
    }

    /// A logarithmic scale that holds both; neither may be 0.
    pub fn log(low: f64, high: f64, from: f64, to: f64) -> Self {
        let low = low.max(1e-3);
        let high = high.max(low * 2.0);
        Self { low, high, from, to, is_log: true }
    }

    /// The same pixels for a straight scale that ends exactly at `high`.
    pub const fn straightened(self, low: f64, high: f64) -> Self {
        Self { low, high, is_log: false, ..self }
    }

    /// The pixel of a value; values beyond the ends lie on them.
    pub fn at(&self, value: f64) -> f64 {
        let value = value.clamp(self.low, self.high);
        let share = if self.is_log {
            (value / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        };
        self.from + share * (self.to - self.from)
    }

    /// Values worth a line.
    pub fn ticks(&self) -> Vec<f64> {
        if !self.is_log {
            let step = step(self.low, self.high);
            let first = (self.low / step).ceil() * step;
            let count = ((self.high - first) / step + 1e-9).floor() as usize;
            return (0..=count).map(|at| first + at as f64 * step).collect();
        }
        let decades = (self.high / self.low).log10();
        let parts: &[f64] = if decades > 3.0 { &[1.0] } else { &[1.0, 2.0, 5.0] };
        let first = self.low.log10().floor() as i32;
        let all = (first..=first + decades.ceil() as i32 + 1)
            .flat_map(|power| parts.iter().map(move |part| part * 10_f64.powi(power)));
        all.filter(|tick| (self.low..=self.high).contains(tick)).collect()
    }
}

/// A step of 1, 2 or 5 that cuts a span into about five.
fn step(low: f64, high: f64) -> f64 {
    let rough = ((high - low) / 5.0).max(1e-12);
    let power = 10_f64.powf(rough.log10().floor());
    let part = rough / power;
    power
        * if part <= 1.0 {
            1.0
        } else if part <= 2.0 {
            2.0
        } else if part <= 5.0 {
            5.0
        } else {
            10.0
        }
}

/// Text that may stand anywhere in the page.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A picture in the making.
pub struct Picture {
    text: String,
}

impl Picture {
    /// An empty one, of a width and a height, with a title for those who cannot see it.
    pub fn new(width: f64, height: f64, title: &str) -> Self {
        let text = format!(
            "<svg viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\">\n",
            escape(title)
        );
        Self { text }
    }

    /// The finished picture.
    pub fn done(mut self) -> String {
        self.text.push_str("</svg>\n");
        self.text
    }

    /// A line.
    pub fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let ((x1, y1), (x2, y2)) = (from, to);
        // Writing to a string does not fail.
        let _ = writeln!(
            self.text,
            "<line class=\"{class}\" x1=\"{x1:.1}\" y1=\"{y1:.1}\" x2=\"{x2:.1}\" y2=\"{y2:.1}\"/>"
        );
    }

    /// Words at a point; `anchor` is `start`, `middle` or `end`.
    pub fn words(&mut self, class: &str, at: (f64, f64), anchor: &str, words: &str) {
        let (x, y) = at;
        let _ = writeln!(
            self.text,
            "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>",
            escape(words)
        );
    }

    /// A path through points.
    pub fn path(&mut self, class: &str, points: &[(f64, f64)], title: &str) {
        let points: Vec<String> = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let title = escape(title);
        let points = points.join(" ");
        let _ = writeln!(
            self.text,
            "<polyline class=\"{class}\" points=\"{points}\"><title>{title}</title></polyline>"
        );
    }

    /// An area between two lines of points with the same abscissas.
    pub fn area(&mut self, class: &str, upper: &[(f64, f64)], lower: &[(f64, f64)], title: &str) {
        let around = upper.iter().chain(lower.iter().rev());
        let points: Vec<String> = around.map(|(x, y)| format!("{x:.1},{y:.1}")).collect();
        let (points, title) = (points.join(" "), escape(title));
        let _ = writeln!(
            self.text,
            "<polygon class=\"{class}\" points=\"{points}\"><title>{title}</title></polygon>"
        );
    }

    /// A dot.
    pub fn dot(&mut self, class: &str, at: (f64, f64), radius: f64, title: &str) {
        let ((x, y), title) = (at, escape(title));
        let _ = writeln!(
            self.text,
            "<circle class=\"{class}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\"><title>{title}</title></circle>"
        );
    }

    /// A bar.
    pub fn bar(&mut self, class: &str, at: (f64, f64), size: (f64, f64), title: &str) {
        let ((x, y), (width, height), title) = (at, size, escape(title));
        let width = width.max(0.0);
        let _ = writeln!(
            self.text,
            "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" \
             height=\"{height:.1}\"><title>{title}</title></rect>"
        );
    }

    /// Lines across at the ticks of an upright scale, each with its number.
    pub fn grid_y(&mut self, scale: &Scale, left: f64, right: f64) {
        for tick in scale.ticks() {
            let y = scale.at(tick);
            self.line("grid", (left, y), (right, y));
            self.words("tick", (left - 8.0, y + 4.0), "end", &words::number(tick));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_numbers_inside_the_scale() {
        assert_eq!(Scale::straight(0.0, 9.3, 0.0, 1.0).ticks(), [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]);
        assert_eq!(Scale::log(3.0, 300.0, 0.0, 1.0).ticks(), [5.0, 10.0, 20.0, 50.0, 100.0, 200.0]);
        let one = Scale::straight(0.0, 0.0, 0.0, 10.0);
        assert!(one.ticks().len() > 2 && one.at(0.0) == 0.0);
    }

    #[test]
    fn names_cannot_write_into_the_page() {
        assert_eq!(escape("<b>\"&"), "&lt;b&gt;&quot;&amp;");
    }
}
