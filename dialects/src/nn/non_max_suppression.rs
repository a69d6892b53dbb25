//! Greedy selection of boxes.

use super::shape_of;
use crate::ir::{Elem, Op, OpError, Scalar, Tensor, TensorTy};

crate::declare_op! {
    NonMaxSuppression: "nn.non_max_suppression", pure,
    "For each image b and class c: boxes in the given order, by falling score, are kept while their score is above the \
     threshold, their intersection over union with each one kept before is not, and less than `most` are kept. Results are rows \
     (b, c, box), in order of b, c and score; rows beyond what is kept are 0, and what exceeds `rows` is left out.\n\n\
     Shapes: boxes `B x N x 4`, scores `B x C x N`, order `(B * C) x N` (i32, positions of boxes), limits `2` (f32: the \
     thresholds of overlap and of score), most `1` (i32), y `rows x 3` (i32). Boxes are two opposite corners (y, x, y, x), or \
     (x, y, width, height) of the centre.",
    operands { boxes: Shaped, scores: Shaped, order: Shaped, limits: Shaped, most: Shaped },
    attrs { rows: Int = "Rows of the result.", center: Int = "1 if boxes are given by their centres." },
    results { y: Shaped }
}

/// Shape rule.
///
/// # Errors
/// When shapes don't fit each other.
pub fn infer(op: Op<'_>) -> Result<TensorTy, OpError> {
    let (boxes, scores, order) = (shape_of(op, 0)?, shape_of(op, 1)?, shape_of(op, 2)?);
    match (&boxes.shape[..], &scores.shape[..], &order.shape[..]) {
        (&[b, n, 4], &[b2, c, n2], &[bc, n3]) if b == b2 && n == n2 && n == n3 && bc == b * c => {
            Ok(TensorTy::new(Elem::I32, &[NonMaxSuppression(op).rows(), 3]))
        }
        _ => {
            let text = format!("{:?}, {:?} and {:?} don't fit each other", boxes.shape, scores.shape, order.shape);
            Err(OpError::new(op, text))
        }
    }
}

/// Lower and upper bounds in both dims.
fn corners(v: [f32; 4], center: bool) -> [f32; 4] {
    if center {
        let (x, y, w, h) = (v[0], v[1], v[2] * 0.5, v[3] * 0.5);
        return [y - h, x - w, y + h, x + w];
    }
    [v[0].min(v[2]), v[1].min(v[3]), v[0].max(v[2]), v[1].max(v[3])]
}

/// Whether two boxes overlap by more than a threshold.
fn overlap(a: [f32; 4], b: [f32; 4], threshold: f32) -> bool {
    let height = a[2].min(b[2]) - a[0].max(b[0]);
    let width = a[3].min(b[3]) - a[1].max(b[1]);
    let area = |v: [f32; 4]| (v[2] - v[0]) * (v[3] - v[1]);
    let common = height.max(0.0) * width.max(0.0);
    common > 0.0 && common > threshold * (area(a) + area(b) - common)
}

/// Reference evaluation, in f32.
///
/// # Errors
/// As [`infer`].
pub fn eval(op: Op<'_>, args: &[Tensor]) -> Result<Tensor, OpError> {
    let ty = infer(op)?;
    let center = NonMaxSuppression(op).center() != 0;
    let (n, classes) = (args[0].shape[1] as usize, args[1].shape[1] as usize);
    let (boxes, scores, order) = (args[0].to_f32s(), args[1].to_f32s(), args[2].to_i64s());
    let (limits, most) = (args[3].to_f32s(), args[4].to_i64s()[0]);
    let rows = ty.shape[0] as usize;
    let mut out: Vec<i64> = Vec::new();
    for (row, order) in order.chunks(n.max(1)).enumerate() {
        let (b, c) = (row / classes, row % classes);
        let of = |i: usize| {
            let at = (b * n + i) * 4;
            corners([boxes[at], boxes[at + 1], boxes[at + 2], boxes[at + 3]], center)
        };
        let mut kept: Vec<usize> = Vec::new();
        for i in order.iter().map(|&i| (i.max(0) as usize).min(n - 1)) {
            let full = kept.len() as i64 >= most || out.len() / 3 >= rows;
            let low = scores[row * n + i] <= limits[1] || scores[row * n + i].is_nan();
            if !full && !low && kept.iter().all(|&j| !overlap(of(i), of(j), limits[0])) {
                kept.push(i);
                out.extend([b as i64, c as i64, i as i64]);
            }
        }
    }
    out.resize(rows * 3, 0);
    Ok(Tensor::from_scalars(ty.elem, &ty.shape, out.into_iter().map(Scalar::I)))
}
