//! Linear forms over the values of a function: `sum(coefficient * atom) + constant`.

use std::collections::BTreeMap;

/// A value that a linear form doesn't look into, by its number in program order.
pub type Atom = usize;

/// The variable part of a linear form: atoms with coefficients that are not zero, by atom.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Terms(Vec<(Atom, i64)>);

impl Terms {
    /// The terms, by atom.
    pub fn iter(&self) -> impl Iterator<Item = (Atom, i64)> + '_ {
        self.0.iter().copied()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The number of terms.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The coefficient of an atom, 0 if it has none.
    pub fn coefficient(&self, atom: Atom) -> i64 {
        self.0.binary_search_by_key(&atom, |t| t.0).map_or(0, |i| self.0[i].1)
    }

    /// The terms whose atoms are kept.
    pub fn restrict(&self, keep: impl Fn(Atom) -> bool) -> Terms {
        Terms(self.iter().filter(|t| keep(t.0)).collect())
    }

    /// Whether every term of `part` is one of these.
    pub fn contains(&self, part: &Terms) -> bool {
        part.iter().all(|(a, c)| self.coefficient(a) == c)
    }

    /// Without the atoms of `part`.
    pub fn without(&self, part: &Terms) -> Terms {
        self.restrict(|a| part.coefficient(a) == 0)
    }
}

/// `terms + constant`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Linear {
    /// The variable part.
    pub terms: Terms,
    /// The constant part.
    pub constant: i64,
}

// Machine integers wrap at 32 bits, and so may these: sums and products are the same modulo 2^32.
impl Linear {
    /// A constant.
    pub fn constant(constant: i64) -> Self {
        Self { terms: Terms::default(), constant }
    }

    /// One atom.
    pub fn atom(atom: Atom) -> Self {
        Self { terms: Terms(vec![(atom, 1)]), constant: 0 }
    }

    /// The value, if there are no terms.
    pub fn as_constant(&self) -> Option<i64> {
        self.terms.is_empty().then_some(self.constant)
    }

    /// `self + other * factor`.
    pub fn plus(&self, other: &Linear, factor: i64) -> Linear {
        let mut sum: BTreeMap<Atom, i64> = self.terms.iter().collect();
        for (atom, c) in other.terms.iter() {
            let slot = sum.entry(atom).or_default();
            *slot = slot.wrapping_add(c.wrapping_mul(factor));
        }
        Linear {
            terms: Terms(sum.into_iter().filter(|t| t.1 != 0).collect()),
            constant: self.constant.wrapping_add(other.constant.wrapping_mul(factor)),
        }
    }

    /// `self + constant`.
    pub fn offset(&self, constant: i64) -> Linear {
        Linear { terms: self.terms.clone(), constant: self.constant.wrapping_add(constant) }
    }

    /// `self * factor`.
    pub fn times(&self, factor: i64) -> Linear {
        Linear::default().plus(self, factor)
    }

    /// With another form in an atom's place.
    pub fn substitute(&self, atom: Atom, form: &Linear) -> Linear {
        let c = self.terms.coefficient(atom);
        Linear { terms: self.terms.restrict(|a| a != atom), constant: self.constant }.plus(form, c)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_add_scale_and_substitute() {
        let f = Linear::atom(1).times(4).plus(&Linear::atom(2), 3).offset(-8);
        assert_eq!(f.substitute(2, &Linear::atom(1).offset(2)), Linear::atom(1).times(7).offset(-2));
        assert_eq!(f.plus(&f, -1), Linear::default());
        assert!(f.terms.contains(&Linear::atom(2).times(3).terms));
        assert!(!f.terms.contains(&Linear::atom(2).terms));
    }
}
