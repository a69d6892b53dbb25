//! Values to compare implementations on.

use crate::ir::{Elem, Scalar, Tensor};

/// Pseudo-random numbers (xorshift64*): the same for the same seed, everywhere.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// A sequence of numbers.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// 24 random bits.
    fn bits(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 40
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.bits() % n.max(1) as u64) as usize
    }

    /// The numbers below `n` in some order.
    pub fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut out: Vec<usize> = (0..n).collect();
        for i in (1..n).rev() {
            out.swap(i, self.below(i + 1));
        }
        out
    }

    /// Floats in [-2, 2), integers in [-8, 8].
    pub fn tensor(&mut self, elem: Elem, shape: &[i64]) -> Tensor {
        let n = shape.iter().product::<i64>();
        let values: Vec<Scalar> = (0..n)
            .map(|_| match elem.is_float() {
                true => Scalar::F(self.bits() as f64 / f64::from(1 << 22) - 2.0),
                false => Scalar::I(self.bits() as i64 % 17 - 8).to(elem),
            })
            .collect();
        Tensor::from_scalars(elem, shape, values)
    }
}

/// Whether values are equal, integers exactly and floats up to `tolerance` relative to a tensor's largest value.
///
/// # Errors
/// The first difference, in words.
pub fn compare(before: &[Tensor], after: &[Tensor], tolerance: f64) -> Result<(), String> {
    for (i, (a, b)) in before.iter().zip(after).enumerate() {
        if a.shape != b.shape || a.elem != b.elem {
            return Err(format!("result {i} was {:?} {:?} and is {:?} {:?}", a.elem, a.shape, b.elem, b.shape));
        }
        let largest = a.scalars().map(|s| s.f64().abs()).filter(|x| x.is_finite()).fold(1.0, f64::max);
        let close = |x: Scalar, y: Scalar| match (x, y) {
            (Scalar::F(x), Scalar::F(y)) => {
                x == y || (x.is_nan() && y.is_nan()) || (x - y).abs() <= tolerance * largest
            }
            (x, y) => x == y,
        };
        if let Some(at) = (0..a.len()).find(|&k| !close(a.get(k), b.get(k))) {
            return Err(format!("result {i} differs at element {at}: {:?} before, {:?} after", a.get(at), b.get(at)));
        }
    }
    Ok(())
}
