//! Offsets for buffers that live for a while: greedy by size, each at the lowest offset that no buffer living at the
//! same time occupies (the "greedy by size for offset calculation" strategy of Pisarchyk and Lee, 2020).

/// A buffer to place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Its size.
    pub bytes: i64,
    /// The step that writes it.
    pub first: usize,
    /// The last step that reads it.
    pub last: usize,
}

/// Offsets in the order of the requests, and the arena's size; both multiples of `align`.
pub fn allocate(requests: &[Request], align: i64) -> (Vec<i64>, i64) {
    let round = |n: i64| (n + align - 1) / align * align;
    let mut order: Vec<usize> = (0..requests.len()).collect();
    order.sort_by_key(|&i| (-requests[i].bytes, requests[i].first, i));
    let mut offsets = vec![0; requests.len()];
    let mut placed: Vec<usize> = Vec::new();
    let mut total = 0;
    for i in order {
        let r = requests[i];
        let mut busy: Vec<(i64, i64)> = placed
            .iter()
            .filter(|&&j| requests[j].first <= r.last && r.first <= requests[j].last)
            .map(|&j| (offsets[j], offsets[j] + round(requests[j].bytes)))
            .collect();
        busy.sort_unstable();
        let mut at = 0;
        for (start, end) in busy {
            if at + round(r.bytes) <= start {
                break;
            }
            at = at.max(end);
        }
        offsets[i] = at;
        total = total.max(at + round(r.bytes));
        placed.push(i);
    }
    (offsets, total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn r(bytes: i64, first: usize, last: usize) -> Request {
        Request { bytes, first, last }
    }

    #[test]
    fn a_chain_needs_two_buffers() {
        let (offsets, total) = allocate(&[r(100, 0, 1), r(100, 1, 2), r(100, 2, 3)], 64);
        assert_eq!((offsets, total), (vec![0, 128, 0], 256));
    }

    #[test]
    fn buffers_alive_together_never_overlap() {
        // A fixed linear congruential sequence: sizes and lifetimes without luck.
        let mut seed = 1u64;
        let mut next = |n: u64| {
            seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (seed >> 33) % n
        };
        let requests: Vec<_> = (0..200)
            .map(|_| {
                let first = next(50) as usize;
                r(next(1000) as i64 + 1, first, first + next(10) as usize)
            })
            .collect();
        let (offsets, total) = allocate(&requests, 64);
        for (i, a) in requests.iter().enumerate() {
            assert!(offsets[i] % 64 == 0 && offsets[i] + a.bytes <= total);
            for (j, b) in requests.iter().enumerate().skip(i + 1) {
                let together = a.first <= b.last && b.first <= a.last;
                let apart = offsets[i] + a.bytes <= offsets[j] || offsets[j] + b.bytes <= offsets[i];
                assert!(!together || apart, "{a:?} at {} and {b:?} at {}", offsets[i], offsets[j]);
            }
        }
    }
}
