//! The sliding window of convolution and pooling as ONNX describes it, in any number of spatial dims.

use super::node::{Node, Reason, Typed, invalid, unsupported};
use weft_dialects::ir::{Builder, extent};

/// Bounds strides, dilations and padding, so that sums and products of two don't overflow.
const LARGEST: i64 = 1 << 30;

/// Kernel, strides, dilations and explicit padding, one entry a spatial dim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    pub kernel: Vec<i64>,
    pub strides: Vec<i64>,
    pub dilations: Vec<i64>,
    /// Padding before the first position.
    pub begin: Vec<i64>,
    /// Padding after the last one.
    pub end: Vec<i64>,
}

impl Window {
    /// Reads `strides`, `dilations` and `pads`, whatever `auto_pad` says.
    pub fn explicit<'c>(node: &Node<'c>, kernel: &[i64]) -> Result<Self, Reason> {
        let n = kernel.len();
        if !(1..=3).contains(&n) {
            return unsupported(format!("{n} spatial dims; 1 to 3 are"));
        }
        let list = |name: &str, len: usize, least: i64| -> Result<Option<Vec<i64>>, Reason> {
            match node.ints(name)? {
                Some(v) if v.len() != len || !v.iter().all(|x| (least..LARGEST).contains(x)) => invalid(format!(
                    "'{name}' is {v:?}, but needs {len} entries of at least {least} and less than 2^30"
                )),
                v => Ok(v),
            }
        };
        if !kernel.iter().all(|k| (1..LARGEST).contains(k)) {
            return invalid(format!(
                "the kernel is {kernel:?}, but needs {n} entries of at least 1 and less than 2^30"
            ));
        }
        let strides = list("strides", n, 1)?.unwrap_or_else(|| vec![1; n]);
        let dilations = list("dilations", n, 1)?.unwrap_or_else(|| vec![1; n]);
        let pads = list("pads", 2 * n, 0)?.unwrap_or_else(|| vec![0; 2 * n]);
        let (begin, end) = pads.split_at(n);
        Ok(Self { kernel: kernel.to_vec(), strides, dilations, begin: begin.to_vec(), end: end.to_vec() })
    }

    /// Reads `strides`, `dilations`, `pads` and `auto_pad` for a kernel over an input of the given spatial extents.
    pub fn read<'c>(node: &Node<'c>, kernel: &[i64], input: &[i64]) -> Result<Self, Reason> {
        let n = input.len();
        if kernel.len() != n {
            return invalid(format!("the kernel is {kernel:?}, but there are {n} spatial dims"));
        }
        let mut w = Self::explicit(node, kernel)?;
        match node.string_or("auto_pad", "NOTSET")?.as_str() {
            "NOTSET" => {}
            "VALID" => (w.begin, w.end) = (vec![0; n], vec![0; n]),
            same @ ("SAME_UPPER" | "SAME_LOWER") => {
                if extent::any_symbolic(input) {
                    return unsupported(format!("auto_pad = \"{same}\" of dims that are left open"));
                }
                for (i, &extent) in input.iter().enumerate() {
                    let out = (extent + w.strides[i] - 1) / w.strides[i];
                    let total = ((out - 1) * w.strides[i] + w.reach(i) - extent).max(0);
                    let less = total / 2;
                    (w.begin[i], w.end[i]) =
                        if same == "SAME_UPPER" { (less, total - less) } else { (total - less, less) };
                }
            }
            other => return invalid(format!("auto_pad = \"{other}\"")),
        }
        for (i, &extent) in input.iter().enumerate() {
            let (reach, padded) = (w.reach(i), node.symbols.min(extent) + w.begin[i] + w.end[i]);
            if padded < reach {
                return invalid(format!(
                    "the window of {reach} positions is larger than the padded input of {padded} (spatial dim {i})"
                ));
            }
        }
        Ok(w)
    }

    /// Positions from the first tap to the last, of spatial dim `i`.
    pub fn reach(&self, i: usize) -> i64 {
        self.dilations[i] * (self.kernel[i] - 1) + 1
    }

    /// Output extents, rounded down.
    pub fn output(&self, input: &[i64]) -> Vec<i64> {
        (0..input.len())
            .map(|i| {
                let room = extent::add(input[i], self.begin[i] + self.end[i] - self.reach(i));
                extent::add(extent::floor_div(room, self.strides[i]), 1)
            })
            .collect()
    }

    /// Grows the padding at the end so that output extents round up (`ceil_mode`); a window that would start behind the
    /// input and its padding before it is left out (the formula of ONNX's MaxPool from version 22 on, which onnxruntime
    /// applies to all).
    pub fn round_up(&mut self, input: &[i64]) {
        for (i, &extent) in input.iter().enumerate() {
            let (stride, before, reach) = (self.strides[i], extent + self.begin[i], self.reach(i));
            let mut out = (before + self.end[i] - reach + stride - 1) / stride + 1;
            if (out - 1) * stride >= before {
                out -= 1;
            }
            self.end[i] = ((out - 1) * stride + reach - before).max(self.end[i]);
        }
    }

    /// The spatial dims `range` alone.
    pub fn dims(&self, range: std::ops::Range<usize>) -> Self {
        let cut = |v: &[i64]| v[range.clone()].to_vec();
        Self {
            kernel: cut(&self.kernel),
            strides: cut(&self.strides),
            dilations: cut(&self.dilations),
            begin: cut(&self.begin),
            end: cut(&self.end),
        }
    }

    /// One spatial dim as two, the first of extent 1.
    pub fn as_2d(&self) -> Self {
        let grow = |v: &[i64], unit: i64| {
            let mut out = vec![unit; 2 - v.len()];
            out.extend(v);
            out
        };
        Self {
            kernel: grow(&self.kernel, 1),
            strides: grow(&self.strides, 1),
            dilations: grow(&self.dilations, 1),
            begin: grow(&self.begin, 0),
            end: grow(&self.end, 0),
        }
    }

    /// `[top, left, bottom, right]` of a two-dimensional window.
    pub fn pads(&self) -> Vec<i64> {
        [&self.begin[..], &self.end].concat()
    }
}

/// `N x C x spatial` as `N x spatial x C`.
pub fn channels_last<'c>(b: &Builder<'c>, x: Typed<'c>) -> Typed<'c> {
    let rank = x.rank();
    let perm: Vec<usize> = std::iter::once(0).chain(2..rank).chain([1]).collect();
    x.with(b.permute(x.value, &perm))
}

/// `N x spatial x C` as `N x C x spatial`.
pub fn channels_first<'c>(b: &Builder<'c>, x: Typed<'c>) -> Typed<'c> {
    let rank = x.rank();
    let perm: Vec<usize> = [0, rank - 1].into_iter().chain(1..rank - 1).collect();
    x.with(b.permute(x.value, &perm))
}
