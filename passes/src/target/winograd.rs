//! When Winograd's algorithm pays, with which tile, and in blocks of which size.
//!
//! The model adds up the time of an algorithm's parts. Its constants were fitted by hand to the four 3x3 layers of ResNet-50
//! (56x56x64, 28x28x128, 14x14x256, 7x7x512) measured in V8 on Zen 4; ratios matter more than their values.

use super::Target;
use crate::lower::cover;
use weft_dialects::nn::winograd::{F2, F4, Winograd};

/// A 3x3 convolution of stride 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conv3x3 {
    /// Images.
    pub images: i64,
    /// `[OH, OW]`.
    pub output: [i64; 2],
    /// Input channels.
    pub c: i64,
    /// Output channels.
    pub m: i64,
}

/// Products a nanosecond of a register tile in full swing (28 G multiply-adds a second).
const PRODUCTS: f64 = 28.0;
/// Of that, what implicit GEMM reaches: its rows end at the edge of the image.
const DIRECT: f64 = 0.94;
/// Steps of the sum that starting a register tile and storing it costs.
const START: i64 = 8;
/// Nanoseconds a plane and four channels of a tile take to be transformed, from memory to memory.
const TRANSFORM: f64 = 0.36;
/// Bytes a nanosecond of weights that lie in no cache near by.
const FAR: f64 = 40.0;
/// Bytes of weights that stay near by from one run to the next.
const NEAR: i64 = 4 << 20;

impl Conv3x3 {
    fn tiles(&self, winograd: &Winograd) -> [i64; 2] {
        self.output.map(|n| (n + winograd.tile - 1) / winograd.tile)
    }

    /// Nanoseconds of streaming weights of so many bytes, beyond what hides behind arithmetic.
    fn stream(bytes: i64) -> f64 {
        (bytes - NEAR).max(0) as f64 / FAR
    }
}

impl Target {
    /// The transforms to compute a convolution with; `None` if the direct sum is faster.
    pub fn winograd(&self, conv: &Conv3x3) -> Option<&'static Winograd> {
        let direct = self.direct_time(conv);
        let timed = [&F4, &F2].map(|w| (self.winograd_time(conv, w), w));
        let (time, best) = timed.into_iter().min_by(|a, b| a.0.total_cmp(&b.0))?;
        // Memory for transformed weights must buy something.
        (time < 0.9 * direct).then_some(best)
    }

    /// Nanoseconds of the direct sum.
    fn direct_time(&self, conv: &Conv3x3) -> f64 {
        let products = conv.images * conv.output[0] * conv.output[1] * (9 * conv.c + START) * conv.m;
        products as f64 / (PRODUCTS * DIRECT) + Conv3x3::stream(9 * conv.c * conv.m * 4)
    }

    /// Nanoseconds of Winograd's algorithm.
    fn winograd_time(&self, conv: &Conv3x3, winograd: &'static Winograd) -> f64 {
        let ([th, tw], [rows, columns]) = (conv.tiles(winograd), self.winograd_block(conv, winograd));
        let panels = (conv.m + self.panel - 1) / self.panel;
        let blocks = ((th + rows - 1) / rows) * ((tw + columns - 1) / columns) * conv.images;
        // Low register tiles take as long as ones of four rows.
        let effective: i64 =
            cover(rows * columns, self.gemm_rows()).iter().map(|r| r.count * r.rows.max(4) + r.count / 4).sum();
        let planes = winograd.planes();
        let multiply = (blocks * planes * effective * (conv.c + START) * panels * self.panel) as f64 / PRODUCTS;
        let transform = (conv.images * th * tw * planes * (conv.c + conv.m) / self.vector_lanes) as f64 * TRANSFORM;
        multiply + transform + Conv3x3::stream(planes * conv.c * conv.m * 4)
    }

    /// Tiles of a block, `[rows, columns]`: as many as keep inputs and products of the block in L2, and some more where the
    /// weights are many, which each block reads anew.
    pub fn winograd_block(&self, conv: &Conv3x3, winograd: &Winograd) -> [i64; 2] {
        let [th, tw] = conv.tiles(winograd);
        let columns = (conv.m + self.panel - 1) / self.panel * self.panel;
        let tile_bytes = winograd.planes() * (conv.c + columns) * 4;
        let weights = winograd.planes() * conv.c * conv.m * 4;
        let budget = self.l2_bytes * 3 / 2 + weights.min(self.l2_bytes * 8) / 8;
        let fit = (budget / tile_bytes).max(1);
        // Blocks of about equal size.
        let even = |n: i64, most: i64| {
            let blocks = (n + most - 1) / most;
            (n + blocks - 1) / blocks
        };
        if fit >= tw { [even(th, fit / tw), tw] } else { [1, even(tw, fit)] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::WASM_RELAXED;

    fn conv(size: i64, c: i64, m: i64) -> Conv3x3 {
        Conv3x3 { images: 1, output: [size, size], c, m }
    }

    #[test]
    fn blocks_are_those_that_were_measured_to_be_fast() {
        let block = |size, channels| WASM_RELAXED.winograd_block(&conv(size, channels, channels), &F4);
        assert_eq!([block(56, 64), block(28, 128), block(14, 256), block(7, 512)], [[3, 14], [4, 7], [4, 4], [2, 2]]);
    }

    #[test]
    fn the_layers_of_a_residual_network_take_large_tiles_and_thin_ones_none() {
        let tile = |c: Conv3x3| WASM_RELAXED.winograd(&c).map(|w| w.tile);
        assert_eq!([tile(conv(56, 64, 64)), tile(conv(28, 128, 128)), tile(conv(14, 256, 256))], [Some(4); 3]);
        assert_eq!([tile(conv(224, 4, 4)), tile(conv(1, 64, 64))], [None; 2]);
    }
}
