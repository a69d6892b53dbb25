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
    let mut slots = vec![Slot { arena: 0, offset: 0 }; requests.len()];
    let mut placed: Vec<usize> = Vec::new();
    let mut total = 0;
    for i in order {
        let r = requests[i];
        let at = lowest(requests, &slots, &placed, &r, &round);
        slots[i].offset = at;
        total = total.max(at + round(r.bytes));
        placed.push(i);
    }
    (slots.into_iter().map(|s| s.offset).collect(), total)
}

/// Where a buffer lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Slot {
    /// The arena's number.
    pub arena: usize,
    /// Bytes from the arena's start.
    pub offset: i64,
}

/// Places in several arenas, and the arenas' sizes, all multiples of `align`: the two buffers of each pair in `apart` come to lie in
/// different ones, because a kernel reads one while it writes the other, and no buffer of the device may be bound both ways at once.
///
/// Greedy as [`allocate`]: each buffer goes where the arenas grow least. Which order of the buffers leaves the smallest sum can't be
/// known before, so several are tried.
pub fn allocate_apart(requests: &[Request], apart: &[(usize, usize)], align: i64) -> (Vec<Slot>, Vec<i64>) {
    let mut best: Option<(Vec<Slot>, Vec<i64>)> = None;
    for order in orders(requests) {
        let next = place_apart(requests, apart, align, &order);
        let cost = |sizes: &[i64]| (sizes.iter().sum::<i64>(), sizes.len());
        if best.as_ref().is_none_or(|b| cost(&next.1) < cost(&b.1)) {
            best = Some(next);
        }
    }
    best.unwrap_or_default()
}

/// Orders worth trying: by size, by size times lifetime, as they are made, and by the fullest step that they live in.
fn orders(requests: &[Request]) -> Vec<Vec<usize>> {
    let steps = requests.iter().map(|r| r.first).collect::<std::collections::BTreeSet<_>>();
    let full = |t: usize| -> i64 { requests.iter().filter(|r| (r.first..=r.last).contains(&t)).map(|r| r.bytes).sum() };
    let fullest: Vec<i64> = {
        let totals: Vec<(usize, i64)> = steps.into_iter().map(|t| (t, full(t))).collect();
        let during = |r: &Request| totals.iter().filter(|(t, _)| (r.first..=r.last).contains(t)).map(|x| x.1).max();
        requests.iter().map(|r| during(r).unwrap_or_default()).collect()
    };
    let life = |r: &Request| (r.last - r.first).min(1 << 20) as i64 + 1;
    let sorted = |key: &dyn Fn(usize) -> (i64, i64)| {
        let mut order: Vec<usize> = (0..requests.len()).collect();
        order.sort_by_key(|&i| (key(i), requests[i].first, i));
        order
    };
    vec![
        sorted(&|i| (-requests[i].bytes, 0)),
        sorted(&|i| (-requests[i].bytes, -life(&requests[i]))),
        sorted(&|i| (-requests[i].bytes.saturating_mul(life(&requests[i])), 0)),
        sorted(&|i| (-fullest[i], -requests[i].bytes)),
        sorted(&|_| (0, 0)),
    ]
}

fn place_apart(requests: &[Request], apart: &[(usize, usize)], align: i64, order: &[usize]) -> (Vec<Slot>, Vec<i64>) {
    let round = |n: i64| (n.max(1) + align - 1) / align * align;
    let mut slots = vec![Slot { arena: 0, offset: 0 }; requests.len()];
    let mut arenas: Vec<(i64, Vec<usize>)> = Vec::new();
    let mut others: Vec<Vec<usize>> = vec![Vec::new(); requests.len()];
    for &(a, b) in apart {
        others[a].push(b);
        others[b].push(a);
    }
    for &i in order {
        let r = requests[i];
        let open = |inside: &[usize]| !others[i].iter().any(|o| inside.contains(o));
        let choices =
            arenas.iter().enumerate().filter(|(_, (_, inside))| open(inside)).map(|(arena, (size, inside))| {
                let offset = lowest(requests, &slots, inside, &r, &round);
                ((offset + round(r.bytes) - size).max(0), Slot { arena, offset })
            });
        let fresh = (round(r.bytes), Slot { arena: arenas.len(), offset: 0 });
        let (growth, slot) = choices.chain([fresh]).min_by_key(|c| c.0).unwrap_or(fresh);
        if slot.arena == arenas.len() {
            arenas.push((0, Vec::new()));
        }
        arenas[slot.arena].0 += growth;
        arenas[slot.arena].1.push(i);
        slots[i] = slot;
    }
    (slots, arenas.into_iter().map(|a| a.0).collect())
}

/// The lowest offset of a buffer that none of those placed in an arena occupies while it lives.
fn lowest(requests: &[Request], slots: &[Slot], inside: &[usize], r: &Request, round: &dyn Fn(i64) -> i64) -> i64 {
    let alive = |j: &&usize| requests[**j].first <= r.last && r.first <= requests[**j].last;
    let mut busy: Vec<(i64, i64)> =
        inside.iter().filter(alive).map(|&j| (slots[j].offset, slots[j].offset + round(requests[j].bytes))).collect();
    busy.sort_unstable();
    let mut at = 0;
    for (start, end) in busy {
        if at + round(r.bytes) <= start {
            break;
        }
        at = at.max(end);
    }
    at
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

    #[test]
    fn what_a_kernel_reads_lies_in_another_arena_than_what_it_writes() {
        // A chain with a residual: 0 -> 1 -> 2 = f(1) + 0.
        let requests = [r(1000, 0, 2), r(1000, 1, 2), r(1000, 2, 3)];
        let apart = [(1, 0), (2, 0), (2, 1)];
        let (slots, arenas) = allocate_apart(&requests, &apart, 256);
        assert_eq!(arenas, [1024; 3]);
        assert!(apart.iter().all(|&(a, b)| slots[a].arena != slots[b].arena));
    }

    #[test]
    fn small_values_of_a_chain_make_no_large_arena_twice() {
        let sizes = [10000, 300, 300, 10000, 300];
        let requests: Vec<_> = sizes.iter().enumerate().map(|(i, &n)| r(n, i, i + 1)).collect();
        let apart: Vec<_> = (1..sizes.len()).map(|i| (i, i - 1)).collect();
        let (_, arenas) = allocate_apart(&requests, &apart, 256);
        assert_eq!(arenas.iter().sum::<i64>(), 10240 + 512 + 512);
    }
}
