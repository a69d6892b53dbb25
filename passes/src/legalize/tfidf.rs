//! TfIdfVectorizer: how often runs of integers occur.

use super::dtype::Dtype;
use super::node::{Node, Outputs, Reason, Typed, elements, invalid, unsupported};
use super::pick::{as_index, clamp, generate, number};
use super::windows_by_data::reduce_over;
use weft_dialects::ir::{Elem, LinExpr, Map, Scalar, Tensor, Value};

const F32: Dtype = Dtype::of(Elem::F32);

/// TfIdfVectorizer (9) of integers: n-grams of the pool are counted in each row, with up to `max_skip_count` elements skipped
/// between neighbours (the same number each time).
pub fn tf_idf_vectorizer<'c>(node: &Node<'c>) -> Outputs<'c> {
    let x = node.input(0)?;
    let missing = |name: &str| Reason::Invalid(format!("'{name}' is missing"));
    let list = |name: &str| node.ints(name)?.ok_or_else(|| missing(name));
    let Some(pool) = node.ints("pool_int64s")? else { return unsupported("a pool of strings") };
    let (counts, places) = (list("ngram_counts")?, list("ngram_indexes")?);
    let (least, most) = (node.int_or("min_gram_length", 1)?, node.int_or("max_gram_length", 1)?);
    let skips = node.int_or("max_skip_count", 0)?;
    let shape = x.shape();
    let (rows, columns) = match shape[..] {
        [n] => (1, n),
        [rows, n] => (rows, n),
        _ => return invalid(format!("{shape:?} should have one or two dims")),
    };
    if x.dtype.is_float() || least < 1 || most < least || skips < 0 || places.is_empty() || columns == 0 {
        return invalid(format!("grams of {least} to {most} of {shape:?}, {}", x.dtype.name()));
    }
    let total = places.iter().max().map_or(0, |&m| m + 1);
    elements(&[rows, total, columns])?;
    let rows_of_x = x.with(node.b.reshape(x.value, &[rows, columns]));
    // For each place of the result: the n-gram that is counted there.
    let mut inverse = vec![-1; usize::try_from(total).unwrap_or_default()];
    let (mut parts, mut gram, mut counted) = (Vec::new(), 0, 0);
    for n in 1..=counts.len() {
        let start = counts[n - 1];
        let end = counts.get(n).copied().unwrap_or(pool.len() as i64);
        let part = usize::try_from(start).ok().zip(usize::try_from(end).ok()).and_then(|(s, e)| pool.get(s..e));
        let Some(grams) = part.filter(|p| p.len().is_multiple_of(n)) else {
            return invalid(format!("'ngram_counts' {counts:?} doesn't fit a pool of {}", pool.len()));
        };
        let m = (grams.len() / n) as i64;
        let used = (least..=most).contains(&(n as i64)) && m > 0;
        for i in 0..m {
            let slot = places.get((gram + i) as usize).and_then(|&p| inverse.get_mut(usize::try_from(p).ok()?));
            match slot {
                None => return invalid(format!("'ngram_indexes' has {} entries for more n-grams", places.len())),
                Some(slot) if *slot >= 0 => return unsupported("two n-grams with one index"),
                Some(slot) if used => *slot = counted + i,
                Some(_) => {}
            }
        }
        gram += m;
        if used {
            counted += m;
            let skips = if n == 1 { 1 } else { skips + 1 };
            let grams = Tensor::i64(&[m, n as i64], grams);
            parts.push(occurrences(node, rows_of_x, Typed::new(node.b.tensor(&grams), Dtype::INT64), skips));
        }
    }
    if parts.is_empty() {
        return invalid(format!("no n-grams of {least} to {most} elements"));
    }
    let weights = match node.floats("weights")? {
        Some(w) if w.len() != places.len() => return invalid(format!("{} weights of {}", w.len(), places.len())),
        w => w,
    };
    let found = node.b.concat(1, &parts.iter().map(|p: &Typed<'c>| p.value).collect::<Vec<_>>());
    let mode = node.string_or("mode", "")?;
    let mut by_place = vec![1.0; inverse.len()];
    for (&place, &w) in places.iter().zip(weights.iter().flatten()) {
        by_place[place as usize] = w;
    }
    let constant = |t: &Tensor| (node.b.tensor(t), Map::select(2, &[1]));
    let scale = Tensor::from_scalars(Elem::F32, &[total], by_place.into_iter().map(Scalar::F));
    let ins = [constant(&Tensor::i64(&[total], &inverse)), constant(&scale)];
    if !matches!(mode.as_str(), "TF" | "IDF" | "TFIDF") {
        return invalid(format!("mode = \"{mode}\""));
    }
    let y = generate(node, F32, &[rows, total], &ins, |b, v, at| {
        let place = as_index(b, v[0], Dtype::INT64);
        let none = b.compare("slt", place, b.index(0));
        let count = b.extract(found, &[at[0], clamp(b, place, counted)]);
        let zero = number(b, F32, 0);
        let count = b.select(none, zero, count);
        match mode.as_str() {
            "TF" => count,
            "IDF" => b.select(b.compare("ogt", count, zero), v[1], zero),
            _ => b.binary("arith.mulf", count, v[1]),
        }
    });
    let to = if shape.len() == 1 { vec![total] } else { vec![rows, total] };
    Ok(vec![y.with(node.b.reshape(y.value, &to))])
}

/// How often each row of `grams` occurs in each row of x, with 0 to `skips - 1` elements between neighbours.
fn occurrences<'c>(node: &Node<'c>, x: Typed<'c>, grams: Typed<'c>, skips: i64) -> Typed<'c> {
    let (sx, sg) = (x.shape(), grams.shape());
    let (rows, columns, m, n) = (sx[0], sx[1], sg[0], sg[1]);
    let ins: Vec<(Value<'c>, Map)> =
        (0..n).map(|t| (grams.value, Map { dims: 4, results: vec![LinExpr::dim(1), LinExpr::constant(t)] })).collect();
    reduce_over(node, F32, (&[rows, m], &[skips, columns]), Scalar::F(0.0), &ins, |b, v, at, acc| {
        let step = b.binary("arith.addi", at[2], b.index(1));
        let mut hit: Option<Value<'c>> = None;
        for (t, &wanted) in v.iter().enumerate() {
            let place = b.binary("arith.addi", at[3], b.binary("arith.muli", step, b.index(t as i64)));
            let inside = b.compare("slt", place, b.index(columns));
            let element = b.extract(x.value, &[at[0], clamp(b, place, columns)]);
            let element = super::cast::scalar(b, element, x.dtype, Dtype::INT64);
            let here = b.binary("arith.andi", inside, b.compare("eq", element, wanted));
            hit = Some(hit.map_or(here, |all| b.binary("arith.andi", all, here)));
        }
        let one = hit.map_or_else(|| number(b, F32, 0), |hit| b.select(hit, number(b, F32, 1), number(b, F32, 0)));
        b.binary("arith.addf", acc, one)
    })
}
