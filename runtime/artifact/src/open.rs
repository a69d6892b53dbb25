//! Dims that a model leaves open: their names and bounds, and what the dims of its tensors are for given values.
//!
//! A tensor with such dims lies in a buffer of its largest shape, and has that buffer's strides: [`pack`] and [`unpack`] copy
//! between it and contiguous elements.

use serde::{Deserialize, Serialize};

/// A dim that is left open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Symbol {
    /// The name in the source model.
    pub name: String,
    /// What it is at least.
    pub min: u64,
    /// What it is at most.
    pub max: u64,
}

/// A dim: a number, or an expression over the symbols.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Extent {
    /// A number.
    Known(u64),
    /// An expression.
    Open(Expr),
}

/// `sum(factor * atom) + constant`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expr {
    /// The atoms with their factors.
    pub terms: Vec<Term>,
    /// The constant.
    pub constant: i64,
}

/// A product of a number and an atom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Term {
    /// The number.
    pub factor: i64,
    /// The atom.
    #[serde(flatten)]
    pub atom: Atom,
}

/// What an expression is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Atom {
    /// A symbol, by its place in the list.
    Symbol(usize),
    /// A quotient, rounded down.
    Floor {
        /// What is divided.
        of: Box<Expr>,
        /// By what.
        by: i64,
    },
}

/// What a manifest says of open dims.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Open {
    /// The symbols, in the order of `main`'s last parameters.
    pub symbols: Vec<Symbol>,
    /// Dims of each input. An open one is a symbol by itself.
    pub inputs: Vec<Vec<Extent>>,
    /// Dims of each output.
    pub outputs: Vec<Vec<Extent>>,
}

/// Why given dims are none that a model takes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// A dim is beyond its bounds.
    #[error("`{name}` is {value}, but the model was compiled for {min} to {max}")]
    Bounds {
        /// The dim's name.
        name: String,
        /// Its value.
        value: u64,
        /// What it is at least.
        min: u64,
        /// What it is at most.
        max: u64,
    },
    /// A dim has two values.
    #[error("`{name}` is {value}, but another input makes it {other}")]
    Differs {
        /// The dim's name.
        name: String,
        /// Its value here.
        value: u64,
        /// Its value elsewhere.
        other: u64,
    },
}

impl Expr {
    /// The value for the symbols' values.
    pub fn at(&self, symbols: &[u64]) -> i64 {
        let atom = |atom: &Atom| match atom {
            Atom::Symbol(i) => symbols.get(*i).map_or(0, |&v| v as i64),
            Atom::Floor { of, by } => of.at(symbols).div_euclid((*by).max(1)),
        };
        self.terms.iter().fold(self.constant, |sum, t| sum.saturating_add(t.factor.saturating_mul(atom(&t.atom))))
    }
}

impl Expr {
    fn text(&self, name: &dyn Fn(usize) -> String, floor: &str) -> String {
        let mut out = String::new();
        for Term { factor, atom } in &self.terms {
            let atom = match atom {
                Atom::Symbol(i) => name(*i),
                Atom::Floor { of, by } => format!("{floor}(({}) / {by})", of.text(name, floor)),
            };
            let sign = match (out.is_empty(), *factor < 0) {
                (true, false) => "",
                (true, true) => "-",
                (false, false) => " + ",
                (false, true) => " - ",
            };
            let by = if factor.abs() == 1 { String::new() } else { format!("{} * ", factor.abs()) };
            out += &format!("{sign}{by}{atom}");
        }
        match self.constant {
            n if out.is_empty() => n.to_string(),
            0 => out,
            n => format!("{out} {} {}", if n < 0 { '-' } else { '+' }, n.abs()),
        }
    }
}

impl Extent {
    /// As text, given the symbols' names and the name of rounding down: JavaScript's with `Math.floor`.
    pub fn text(&self, name: &dyn Fn(usize) -> String, floor: &str) -> String {
        match self {
            Extent::Known(n) => n.to_string(),
            Extent::Open(e) => e.text(name, floor),
        }
    }

    /// The symbol that it is, if it is one by itself.
    pub fn symbol(&self) -> Option<usize> {
        match self {
            Extent::Open(Expr { terms, constant: 0 }) => match &terms[..] {
                [Term { factor: 1, atom: Atom::Symbol(i) }] => Some(*i),
                _ => None,
            },
            _ => None,
        }
    }

    /// The value for the symbols' values.
    pub fn at(&self, symbols: &[u64]) -> u64 {
        match self {
            Extent::Known(n) => *n,
            Extent::Open(e) => u64::try_from(e.at(symbols)).unwrap_or(0),
        }
    }
}

impl Open {
    /// A shape for the symbols' values.
    pub fn dims(extents: &[Extent], symbols: &[u64]) -> Vec<u64> {
        extents.iter().map(|e| e.at(symbols)).collect()
    }

    /// Notes the symbols that an input's dims are, after checking them. `None`: the dims are no shape of that input at all.
    ///
    /// # Errors
    /// When a symbol is out of bounds, or has another value already.
    pub fn solve(&self, extents: &[Extent], dims: &[u64], values: &mut [Option<u64>]) -> Option<Result<(), OpenError>> {
        if extents.len() != dims.len() {
            return None;
        }
        for (extent, &n) in extents.iter().zip(dims) {
            match extent.symbol().and_then(|i| Some((self.symbols.get(i)?, values.get_mut(i)?))) {
                None if extent.at(&[]) == n => {}
                None => return None,
                Some((symbol, value)) => {
                    let (name, min, max) = (symbol.name.clone(), symbol.min, symbol.max);
                    if !(min..=max).contains(&n) {
                        return Some(Err(OpenError::Bounds { name, value: n, min, max }));
                    }
                    match value.replace(n) {
                        Some(other) if other != n => return Some(Err(OpenError::Differs { name, value: n, other })),
                        _ => {}
                    }
                }
            }
        }
        Some(Ok(()))
    }
}

/// Copies contiguous elements of the shape `dims` into a buffer of the shape `bound`, whose strides they get.
pub fn unpack(from: &[u8], dims: &[u64], size: u64, buffer: &mut [u8], bound: &[u64]) {
    runs(dims, bound, size, |packed, placed, n| buffer[placed..placed + n].copy_from_slice(&from[packed..packed + n]));
}

/// The elements of the shape `dims` in a buffer of the shape `bound`, contiguous.
pub fn pack(buffer: &[u8], bound: &[u64], size: u64, dims: &[u64]) -> Vec<u8> {
    let mut out = vec![0; (dims.iter().product::<u64>() * size) as usize];
    runs(dims, bound, size, |packed, placed, n| out[packed..packed + n].copy_from_slice(&buffer[placed..placed + n]));
    out
}

/// The longest runs of bytes that are contiguous in both: offset among the packed elements, offset in the buffer, length.
fn runs(dims: &[u64], bound: &[u64], size: u64, mut copy: impl FnMut(usize, usize, usize)) {
    if dims.contains(&0) {
        return;
    }
    // Dims behind the last that differs are whole, and so is the run along that one.
    let last = (0..dims.len()).rev().find(|&d| dims[d] != bound[d]).unwrap_or(0);
    let whole = |shape: &[u64]| shape.iter().skip(last).product::<u64>() * size;
    let (run, step) = (whole(dims), whole(bound));
    let outer = &dims[..last.min(dims.len())];
    for i in 0..outer.iter().product::<u64>() {
        let (mut rest, mut place, mut scale) = (i, 0, 1);
        for d in (0..outer.len()).rev() {
            place += rest % outer[d] * scale;
            rest /= outer[d];
            scale *= bound[d];
        }
        copy((i * run) as usize, (place * step) as usize, run as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_get_the_strides_of_the_largest_shape() {
        let from: Vec<u8> = (0..12).collect();
        let mut buffer = vec![99; 24];
        unpack(&from, &[2, 3, 2], 1, &mut buffer, &[2, 4, 3]);
        assert_eq!(buffer[..12], [0, 1, 99, 2, 3, 99, 4, 5, 99, 99, 99, 99]);
        assert_eq!(pack(&buffer, &[2, 4, 3], 1, &[2, 3, 2]), from);
        let mut rows = vec![0; 16];
        unpack(&from[..8], &[2, 4], 1, &mut rows, &[4, 4]);
        assert_eq!(rows[..9], [0, 1, 2, 3, 4, 5, 6, 7, 0]);
    }

    #[test]
    fn dims_tell_the_symbols() {
        let symbol = |i| Extent::Open(Expr { terms: vec![Term { factor: 1, atom: Atom::Symbol(i) }], constant: 0 });
        let open = Open {
            symbols: vec![Symbol { name: "n".into(), min: 1, max: 8 }],
            inputs: vec![vec![Extent::Known(2), symbol(0)]],
            outputs: Vec::new(),
        };
        let mut values = [None];
        assert_eq!(open.solve(&open.inputs[0], &[2, 5], &mut values), Some(Ok(())));
        assert_eq!(values, [Some(5)]);
        assert_eq!(open.solve(&open.inputs[0], &[3, 5], &mut values), None);
        let message = |dims: &[u64], mut values: [Option<u64>; 1]| {
            open.solve(&open.inputs[0], dims, &mut values).unwrap().unwrap_err()
        };
        assert_eq!(message(&[2, 9], [None]).to_string(), "`n` is 9, but the model was compiled for 1 to 8");
        assert_eq!(message(&[2, 4], [Some(5)]).to_string(), "`n` is 4, but another input makes it 5");
        let text = serde_json::to_string(&open.inputs[0]).unwrap();
        assert_eq!(text, r#"[2,{"terms":[{"factor":1,"symbol":0}],"constant":0}]"#);
        assert_eq!(serde_json::from_str::<Vec<Extent>>(&text).unwrap(), open.inputs[0]);
    }
}
