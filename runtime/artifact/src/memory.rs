//! The map of a module's linear memory: one region each for weights, arena, every input and every output.

use serde::{Deserialize, Serialize};

/// Every region begins at a multiple of this: a cache line, and four vectors.
pub const ALIGN: u32 = 64;
/// The first region's address. What lies below belongs to nobody, so that no tensor has the address 0.
pub const BASE: u32 = 1024;
/// Bytes of a Wasm page.
pub const PAGE: u32 = 65536;
/// Memory ends here at the latest: addresses and index values stay positive as signed 32-bit numbers.
pub const MAX_END: u64 = 1 << 31;

/// Some bytes of linear memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Region {
    /// Byte address of the first byte.
    pub offset: u32,
    /// Number of bytes, without padding; may be 0.
    pub bytes: u32,
}

impl Region {
    /// Address just past the last byte.
    pub fn end(self) -> u64 {
        u64::from(self.offset) + u64::from(self.bytes)
    }

    /// The region as a range of byte addresses. Only for regions that end below 2^32, as those of a [`MemoryMap`] do.
    pub fn range(self) -> std::ops::Range<usize> {
        self.offset as usize..self.offset as usize + self.bytes as usize
    }
}

/// Where everything lies in a module's memory, in the order weights, arena, inputs, outputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemoryMap {
    /// The packed weights.
    pub weights: Region,
    /// Intermediate tensors.
    pub arena: Region,
    /// One region an input, in the signature's order.
    pub inputs: Vec<Region>,
    /// One region an output, in the signature's order; a state's is its input's.
    pub outputs: Vec<Region>,
    /// States, by their numbers: an output, and the input that it becomes for the next run.
    pub states: Vec<(usize, usize)>,
    /// Pages of memory that hold all of it.
    pub pages: u32,
}

/// A model that needs more memory than 32-bit addresses reach.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the model needs {} MiB of memory ({weights} bytes of weights, {arena} of intermediate tensors, {io} of inputs and outputs); a module can have {} MiB",
    .needed.div_ceil(1 << 20), MAX_END >> 20
)]
pub struct TooLarge {
    /// Bytes in all.
    pub needed: u128,
    /// Bytes of weights.
    pub weights: u64,
    /// Bytes of the arena.
    pub arena: u64,
    /// Bytes of all inputs and outputs.
    pub io: u128,
}

impl MemoryMap {
    /// Lays out regions of these sizes in bytes.
    ///
    /// # Errors
    /// [`TooLarge`] if they don't end below [`MAX_END`].
    pub fn new(weights: u64, arena: u64, inputs: &[u64], outputs: &[u64]) -> Result<Self, TooLarge> {
        Self::with_states(weights, arena, inputs, outputs, &[])
    }

    /// As [`MemoryMap::new`], with pairs of an output and the input whose region it shares.
    ///
    /// # Errors
    /// [`TooLarge`] if the regions don't end below [`MAX_END`].
    pub fn with_states(
        weights: u64,
        arena: u64,
        inputs: &[u64],
        outputs: &[u64],
        states: &[(usize, usize)],
    ) -> Result<Self, TooLarge> {
        let shared = |output: usize| states.iter().find(|s| s.0 == output).map(|s| s.1);
        let own = outputs.iter().enumerate().filter(|&(i, _)| shared(i).is_none()).map(|(_, &bytes)| bytes);
        let sizes = || [weights, arena].into_iter().chain(inputs.iter().copied()).chain(own.clone());
        let align = u128::from(ALIGN);
        // In 128 bits no sum of sizes can overflow.
        let needed = sizes().fold(u128::from(BASE), |end, bytes| end.next_multiple_of(align) + u128::from(bytes));
        if needed > u128::from(MAX_END) {
            let io = inputs.iter().copied().chain(own).map(u128::from).sum();
            return Err(TooLarge { needed, weights, arena, io });
        }
        let mut end = BASE;
        let mut place = |bytes: u64| {
            // Below 2^31 after the check above, so nothing is cut off here.
            let region = Region { offset: end.next_multiple_of(ALIGN), bytes: bytes as u32 };
            end = region.offset + region.bytes;
            region
        };
        let (weights, arena) = (place(weights), place(arena));
        let inputs: Vec<Region> = inputs.iter().map(|&bytes| place(bytes)).collect();
        let outputs = outputs
            .iter()
            .enumerate()
            .map(|(i, &bytes)| shared(i).and_then(|input| inputs.get(input).copied()).unwrap_or_else(|| place(bytes)))
            .collect();
        Ok(MemoryMap { weights, arena, inputs, outputs, states: states.to_vec(), pages: end.div_ceil(PAGE) })
    }

    /// All regions, in the order of `main`'s parameters, which is their order in memory. A state is one, as an input.
    pub fn regions(&self) -> impl Iterator<Item = Region> {
        let own = |&(i, _): &(usize, &Region)| self.states.iter().all(|s| s.0 != i);
        let outputs = self.outputs.iter().enumerate().filter(own).map(|(_, &region)| region);
        [self.weights, self.arena].into_iter().chain(self.inputs.iter().copied()).chain(outputs)
    }

    /// Bytes of memory that the model uses, which is where its last region ends.
    pub fn end(&self) -> u32 {
        self.regions().map(|region| region.offset + region.bytes).max().unwrap_or(BASE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn region(offset: u32, bytes: u32) -> Region {
        Region { offset, bytes }
    }

    #[test]
    fn regions_follow_each_other_aligned() {
        let map = MemoryMap::new(65, 0, &[4, 100], &[0, 1]).unwrap();
        assert_eq!(map.weights, region(1024, 65));
        assert_eq!(map.arena, region(1152, 0));
        assert_eq!(map.inputs, [region(1152, 4), region(1216, 100)]);
        assert_eq!(map.outputs, [region(1344, 0), region(1344, 1)]);
        assert_eq!((map.end(), map.pages), (1345, 1));
    }

    #[test]
    fn a_state_is_one_region() {
        let map = MemoryMap::with_states(0, 0, &[4, 64], &[64, 8], &[(0, 1)]).unwrap();
        assert_eq!(map.outputs, [map.inputs[1], region(1152, 8)]);
        assert_eq!(map.regions().skip(2).collect::<Vec<_>>(), [region(1024, 4), region(1088, 64), region(1152, 8)]);
    }

    #[test]
    fn pages_are_just_enough() {
        let pages = |bytes: u64| MemoryMap::new(bytes, 0, &[], &[]).unwrap().pages;
        assert_eq!(pages(65536 - 1024), 1);
        assert_eq!(pages(65536 - 1023), 2);
        assert_eq!(pages(MAX_END - 1024), 32768);
    }

    #[test]
    fn more_than_31_bits_is_refused() {
        insta::assert_snapshot!(
            MemoryMap::new(MAX_END, 64, &[4], &[4]).unwrap_err(),
            @"the model needs 2049 MiB of memory (2147483648 bytes of weights, 64 of intermediate tensors, 8 of inputs and outputs); a module can have 2048 MiB"
        );
        assert!(MemoryMap::new(u64::MAX, u64::MAX, &[u64::MAX], &[]).is_err());
    }
}
