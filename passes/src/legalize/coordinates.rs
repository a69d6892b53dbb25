//! Where the positions of a resized dim lie in the input, and what they are made of: the formulas of ONNX's Resize.

use std::ops::Range;

/// `coordinate_transformation_mode`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Coordinates {
    HalfPixel,
    HalfPixelSymmetric,
    PytorchHalfPixel,
    AlignCorners,
    Asymmetric,
    TfHalfPixelForNn,
    /// To a part of the dim, from `start` to `end` (0 to 1 is all).
    Crop {
        start: f64,
        end: f64,
    },
}

/// `nearest_mode`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nearest {
    RoundPreferFloor,
    RoundPreferCeil,
    Floor,
    Ceil,
}

/// `mode`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Method {
    Nearest(Nearest),
    Linear,
    Cubic { a: f64, exclude_outside: bool },
}

/// Weights of neighbouring input positions, which may lie outside: those are the edge.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub first: i64,
    pub weights: Vec<f64>,
}

impl Row {
    /// The weight of a position.
    pub fn at(&self, i: i64) -> f64 {
        usize::try_from(i - self.first).ok().and_then(|i| self.weights.get(i)).copied().unwrap_or(0.0)
    }
}

/// One resized dim.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Axis {
    /// Extents.
    pub input: i64,
    pub output: i64,
    /// Output over input, as given.
    pub scale: f64,
    pub transform: Coordinates,
    /// Whether the weights are as wide as the steps where it becomes smaller.
    pub antialias: bool,
}

impl Axis {
    /// The position in the input of output position `o`.
    fn position(&self, o: i64) -> f64 {
        let (x, n, out) = (o as f64, self.input as f64, self.output as f64);
        // What the scale makes of the dim, with its fraction.
        let width = self.scale * n;
        let half_pixel = (x + 0.5) / self.scale - 0.5;
        match self.transform {
            Coordinates::HalfPixel => half_pixel,
            Coordinates::HalfPixelSymmetric => n / 2.0 * (1.0 - out / (self.scale * n)) + half_pixel,
            Coordinates::PytorchHalfPixel => {
                if self.output > 1 {
                    half_pixel
                } else {
                    0.0
                }
            }
            Coordinates::AlignCorners if width == 1.0 => 0.0,
            Coordinates::AlignCorners => x * (n - 1.0) / (width - 1.0),
            Coordinates::Asymmetric => x / self.scale,
            Coordinates::TfHalfPixelForNn => (x + 0.5) / self.scale,
            Coordinates::Crop { start, end } if width == 1.0 => 0.5 * (start + end) * (n - 1.0),
            Coordinates::Crop { start, end } => start * (n - 1.0) + x * (end - start) * (n - 1.0) / (width - 1.0),
        }
    }

    /// Output positions that lie in the input; all, unless it is cropped.
    pub fn inside(&self) -> Range<i64> {
        if !matches!(self.transform, Coordinates::Crop { .. }) {
            return 0..self.output;
        }
        let is = |o: &i64| (0.0..=(self.input - 1) as f64).contains(&(self.position(*o) as f32).into());
        let mut within = (0..self.output).filter(is);
        let Some(first) = within.next() else { return 0..0 };
        first..within.next_back().unwrap_or(first) + 1
    }

    /// The input position nearest to output position `o`. Positions are rounded to f32, the precision of scales, so that
    /// a third of three is one.
    pub fn nearest(&self, o: i64, mode: Nearest) -> i64 {
        let x = self.position(o) as f32;
        let at = match mode {
            Nearest::RoundPreferFloor => (x - 0.5).ceil(),
            Nearest::RoundPreferCeil => (x + 0.5).floor(),
            Nearest::Floor => x.floor(),
            Nearest::Ceil => x.ceil(),
        };
        (at as i64).clamp(0, self.input - 1)
    }

    /// The weights for output position `o`.
    pub fn row(&self, o: i64, method: &Method) -> Row {
        let x = self.position(o);
        if self.antialias && self.scale < 1.0 {
            return self.wide_row(x, method);
        }
        let below = x.floor();
        let (at, t) = (below as i64, x - below);
        match *method {
            Method::Nearest(mode) => Row { first: self.nearest(o, mode), weights: vec![1.0] },
            Method::Linear => Row { first: at, weights: vec![1.0 - t, t] },
            Method::Cubic { a, exclude_outside } => {
                let near = |t: f64| ((a + 2.0) * t - (a + 3.0)) * t * t + 1.0;
                let far = |t: f64| ((a * t - 5.0 * a) * t + 8.0 * a) * t - 4.0 * a;
                let mut weights = vec![far(1.0 + t), near(t), near(1.0 - t), far(2.0 - t)];
                if exclude_outside {
                    for (i, w) in weights.iter_mut().enumerate() {
                        if !(0..self.input).contains(&(at - 1 + i as i64)) {
                            *w = 0.0;
                        }
                    }
                    let sum: f64 = weights.iter().sum();
                    weights.iter_mut().for_each(|w| *w /= sum);
                }
                Row { first: at - 1, weights }
            }
        }
    }

    /// Weights that reach as far as the steps are wide, around position `x`.
    fn wide_row(&self, x: f64, method: &Method) -> Row {
        let (reach, weight): (f64, Box<dyn Fn(f64) -> f64>) = match *method {
            Method::Cubic { a, .. } => (
                2.0,
                Box::new(move |t: f64| match t.abs() {
                    t if t <= 1.0 => ((a + 2.0) * t - (a + 3.0)) * t * t + 1.0,
                    t if t < 2.0 => ((a * t - 5.0 * a) * t + 8.0 * a) * t - 4.0 * a,
                    _ => 0.0,
                }),
            ),
            _ => (1.0, Box::new(|t: f64| (1.0 - t.abs()).max(0.0))),
        };
        let below = x.ceil() - 1.0;
        let start = (-reach / self.scale).floor() as i64 + 1;
        let first = below as i64 + start;
        let outside =
            |i: i64| matches!(method, Method::Cubic { exclude_outside: true, .. }) && !(0..self.input).contains(&i);
        let mut weights: Vec<f64> = (first..first + 2 - 2 * start)
            .map(|i| if outside(i) { 0.0 } else { weight(self.scale * (i as f64 - x)) })
            .collect();
        let sum: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|w| *w /= sum);
        Row { first, weights }
    }
}
