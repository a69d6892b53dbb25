//! Covering rows with tiles.

/// A run of equal tiles: rows of one, how many, and the first row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Rows of a tile.
    pub rows: i64,
    /// Tiles.
    pub count: i64,
    /// Row that the first one starts at.
    pub start: i64,
}

/// Covers `rows` with tiles of at most `max` rows, tall ones first.
///
/// Measured: a tile of 6 and one of 5 do their work at the same speed, lower ones pay for the two loads of B with
/// fewer products, and for adding up several sums. Hence few low tiles: any number of rows from 20 on is made of 6 and 5
/// alone (49 rows: 56 GFLOP/s, against 46 when padded to 54).
pub fn cover(rows: i64, max: i64) -> Vec<Run> {
    // Time of a tile in tenths of a row's: products, or loads of B and A, two a cycle; and the sums' end.
    let cost = |r: i64| if r >= 5 || r == max { 10 * r + (6 - r).max(0) / 2 } else { (10 * r).max(5 * (r + 2)) + 5 };
    // The last `tail` rows are planned exactly, the rest is tiles of `max`.
    let tail = rows.min(6 * max);
    let body = (rows - tail) / max;
    let tail = rows - body * max;
    let mut best: Vec<(i64, i64)> = vec![(0, 0)];
    for n in 1..=tail {
        let choice = (1..=max.min(n)).map(|r| (best[(n - r) as usize].0 + cost(r), r)).min_by_key(|&(c, r)| (c, -r));
        best.push(choice.unwrap_or((0, 1)));
    }
    let mut tiles = vec![max; body as usize];
    let mut left = tail;
    while left > 0 {
        let r = best[left as usize].1;
        tiles.push(r);
        left -= r;
    }
    tiles.sort_unstable_by(|a, b| b.cmp(a));
    let mut runs: Vec<Run> = Vec::new();
    let mut at = 0;
    for r in tiles {
        match runs.last_mut() {
            Some(run) if run.rows == r => run.count += 1,
            _ => runs.push(Run { rows: r, count: 1, start: at }),
        }
        at += r;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(rows: i64, max: i64) -> Vec<(i64, i64)> {
        cover(rows, max).iter().map(|r| (r.rows, r.count)).collect()
    }

    #[test]
    fn sixes_and_fives_cover_without_waste() {
        assert_eq!(shape(49, 6), [(6, 4), (5, 5)]);
        assert_eq!(shape(12544, 6), [(6, 2089), (5, 2)]);
        assert_eq!(shape(1, 6), [(1, 1)]);
        assert_eq!(shape(7, 6), [(5, 1), (2, 1)]);
    }

    #[test]
    fn every_number_of_rows_is_covered_once() {
        for max in [4, 5, 6] {
            for rows in 0..200 {
                let mut at = 0;
                for r in cover(rows, max) {
                    assert!(r.rows <= max && r.start == at, "{rows} rows by {max}");
                    at += r.rows * r.count;
                }
                assert_eq!(at, rows);
            }
        }
    }
}
