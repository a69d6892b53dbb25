//! Where in the arenas the plan's values lie.

use super::arena::{Request, Slot, allocate, allocate_apart};
use super::{Place, Plan};
use std::collections::HashMap;
use weft_dialects::ir::ValueExt;

/// Where everything in the arenas lies.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// Of each request.
    pub(super) slots: Vec<Slot>,
    /// Of each prepared value.
    pub(super) prepared: Vec<Slot>,
    /// The arenas' sizes.
    pub(super) arenas: Vec<i64>,
    /// What the prepared values take up.
    pub(super) prepared_bytes: i64,
    /// How many arenas, the last ones, hold prepared values alone.
    pub(super) prepared_arenas: usize,
}

impl Plan<'_> {
    /// Places what has been requested.
    pub(super) fn lay_out(&self) -> Layout {
        let used = |i: usize| {
            self.place.values().any(|p| *p == Place::Arena(i))
                || self.state_copies.iter().any(|c| c.2 == Some(i))
                || self.flow.keeps(i)
        };
        let live: Vec<usize> = (0..self.requests.len()).filter(|&i| used(i)).collect();
        let wanted: Vec<Request> = live.iter().map(|&i| self.requests[i]).collect();
        let mut slots = vec![Slot::default(); self.requests.len()];
        let align = self.target.buffer_align;
        let rounded = |n: &i64| (n + align - 1) / align * align;
        let prepared_bytes: i64 = self.prepared_bytes.iter().map(rounded).sum();
        if !self.target.exclusive_buffers {
            // One arena: prepared values in front.
            let (offsets, total) = allocate(&wanted, align);
            for (&i, offset) in live.iter().zip(offsets) {
                slots[i].offset = prepared_bytes + offset;
            }
            let mut at = 0;
            let place = |n: &i64| {
                let slot = Slot { arena: 0, offset: at };
                at += rounded(n);
                slot
            };
            let prepared = self.prepared_bytes.iter().map(place).collect();
            return Layout {
                slots,
                prepared,
                arenas: vec![prepared_bytes + total],
                prepared_bytes,
                prepared_arenas: 0,
            };
        }
        let places = self.moved.iter().map(|(w, r)| (self.place[&w.key()], self.place[&r.key()]));
        let number: HashMap<usize, usize> = live.iter().enumerate().map(|(n, &i)| (i, n)).collect();
        let (mut apart, mut prepared_apart) = (Vec::new(), Vec::new());
        for pair in places {
            match pair {
                (Place::Arena(w), Place::Arena(r)) => apart.push((number[&w], number[&r])),
                (Place::Prepared(w), Place::Prepared(r)) => prepared_apart.push((w, r)),
                _ => {}
            }
        }
        let (found, mut arenas) = allocate_apart(&wanted, &apart, align);
        live.iter().zip(found).for_each(|(&i, slot)| slots[i] = slot);
        let for_good = |&bytes: &i64| Request { bytes, first: 0, last: usize::MAX };
        let kept: Vec<Request> = self.prepared_bytes.iter().map(for_good).collect();
        let (mut prepared, own) = allocate_apart(&kept, &prepared_apart, align);
        prepared.iter_mut().for_each(|slot| slot.arena += arenas.len());
        arenas.extend(&own);
        Layout { slots, prepared, arenas, prepared_bytes: own.iter().sum(), prepared_arenas: own.len() }
    }
}
