//! Which of the counts of a table are hidden: those below a limit, and so many of the next smallest that whoever takes
//! what is shown from a sum learns no more than that several together come to the limit.

/// Counts of a table, each row as long as the others.
pub struct Grid {
    pub rows: Vec<Vec<Option<f64>>>,
    pub total: Option<Vec<Option<f64>>>,
    /// How many of them stand side by side in a cell; where the first is hidden, so are the others.
    pub sides: usize,
    pub kin: Vec<Kin>,
    /// By which rows of the same count are told apart, so that tables in another order hide the same ones.
    pub names: Vec<String>,
}

/// Columns that tell each other: where any of them is hidden in a row, so are its parts.
#[derive(Debug, Default)]
pub struct Kin {
    pub all: Vec<usize>,
    /// All but what they are parts of.
    pub parts: Vec<usize>,
}

/// True where a count is hidden.
pub type Flags = Vec<bool>;

impl Kin {
    /// Along one side of a row's cells.
    pub fn together(&self, flags: &mut [bool], (side, sides): (usize, usize)) {
        let is_hidden = |column: &usize| flags.get(column * sides + side) == Some(&true);
        if self.all.iter().any(is_hidden) {
            self.parts.iter().for_each(|column| flags[column * sides + side] = true);
        }
    }
}

impl Grid {
    /// The hidden counts of all rows and of the total.
    pub fn hidden(&self, under: f64) -> (Vec<Flags>, Option<Flags>) {
        self.hidden_with(&vec![false; self.rows.len()], under)
    }

    /// The same, where some rows are gone already.
    pub fn hidden_with(&self, gone: &[bool], under: f64) -> (Vec<Flags>, Option<Flags>) {
        let small = |row: &Vec<Option<f64>>| -> Flags {
            row.iter().map(|count| count.is_some_and(|n| n > 0.0 && n < under)).collect()
        };
        let mut rows: Vec<Flags> = self.rows.iter().map(small).collect();
        for flags in rows.iter_mut().zip(gone).filter(|(_, gone)| **gone).map(|(flags, _)| flags) {
            flags.fill(true);
        }
        let mut total = self.total.as_ref().map(small);
        // Each pass hides more or ends it.
        loop {
            let before = (rows.clone(), total.clone());
            self.along_columns(&mut rows, &mut total, under);
            for flags in rows.iter_mut().chain(&mut total) {
                let sides = || (0..self.sides).map(|side| (side, self.sides));
                self.kin.iter().for_each(|kin| sides().for_each(|side| kin.together(flags, side)));
                flags.chunks_mut(self.sides).for_each(as_the_first);
            }
            if (&before.0, &before.1) == (&rows, &total) {
                return (rows, total);
            }
        }
    }

    /// Where all rows together are too few still, the total goes too.
    fn along_columns(&self, rows: &mut [Flags], total: &mut Option<Flags>, under: f64) {
        let width = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        for column in 0..width {
            let counts: Vec<Option<f64>> = self.rows.iter().map(|row| row.get(column).copied().flatten()).collect();
            let mut flags: Flags = rows.iter().map(|row| row.get(column).copied().unwrap_or(false)).collect();
            let is_safe = along(&counts, &mut flags, under, &self.names);
            for (row, flag) in rows.iter_mut().zip(flags) {
                row.iter_mut().skip(column).take(1).for_each(|own| *own = flag);
            }
            let of_all = total.as_mut().and_then(|total| total.get_mut(column)).filter(|_| !is_safe);
            of_all.into_iter().for_each(|flag| *flag = true);
        }
    }
}

fn as_the_first(cell: &mut [bool]) {
    if cell.first() == Some(&true) {
        cell.fill(true);
    }
}

/// Hide more of what adds up until the hidden are two at least, and one of them could be the limit and the others 1: those
/// that come to no more than their number would be 1 each. False where there are too few for that.
fn along(counts: &[Option<f64>], flags: &mut [bool], under: f64, names: &[String]) -> bool {
    let mut known: Vec<(f64, usize)> =
        counts.iter().enumerate().filter_map(|(at, n)| Some((*n.as_ref().filter(|n| **n > 0.0)?, at))).collect();
    known.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| names.get(a.1).cmp(&names.get(b.1))));
    loop {
        let hidden = || known.iter().filter(|(_, at)| flags[*at]);
        let others = hidden().skip(1).map(|_| 1.0).sum::<f64>();
        let is_safe = others > 0.0 && hidden().map(|(n, _)| n).sum::<f64>() >= under + others;
        if is_safe || hidden().next().is_none() {
            return true;
        }
        let Some(&(_, next)) = known.iter().find(|(_, at)| !flags[*at]) else { return false };
        flags[next] = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(rows: &[&[f64]]) -> Grid {
        let some = |row: &&[f64]| row.iter().map(|n| Some(*n)).collect::<Vec<_>>();
        let names = ('a'..).take(rows.len()).map(String::from).collect();
        Grid { rows: rows.iter().map(some).collect(), total: None, sides: 1, kin: Vec::new(), names }
    }

    fn left(rows: &[&[f64]]) -> Vec<Vec<f64>> {
        left_of(rows, &grid(rows))
    }

    fn left_of(rows: &[&[f64]], grid: &Grid) -> Vec<Vec<f64>> {
        let (flags, _) = grid.hidden(5.0);
        let shown = |(row, flags): (&&[f64], &Flags)| {
            row.iter().zip(flags).filter(|(_, hidden)| !**hidden).map(|(n, _)| *n).collect()
        };
        rows.iter().zip(&flags).map(shown).collect()
    }

    #[test]
    fn nothing_small_hides_nothing_and_zero_is_not_small() {
        assert_eq!(left(&[&[0.0], &[9.0], &[5.0]]), [[0.0], [9.0], [5.0]]);
    }

    #[test]
    fn one_that_is_small_takes_the_next_smallest_with_it() {
        let none: [f64; 0] = [];
        assert_eq!(left(&[&[3.0], &[9.0], &[6.0], &[6.0]]), [&none[..], &[9.0], &none, &[6.0]]);
    }

    #[test]
    fn two_that_come_to_less_than_the_limit_take_a_third() {
        let none: [f64; 0] = [];
        // The total less 20 and 9 would tell that both are 1.
        assert_eq!(left(&[&[1.0], &[1.0], &[9.0], &[20.0]]), [&none[..], &none, &none, &[20.0]]);
        assert_eq!(left(&[&[4.0], &[4.0], &[9.0]]), [&none[..], &none, &[9.0]]);
    }

    #[test]
    fn as_many_as_their_sum_would_be_one_each() {
        // Five ones come to the limit, and their sum tells each of them.
        let none: [f64; 0] = [];
        let ones = [&[1.0][..], &[1.0], &[1.0], &[1.0], &[1.0], &[9.0], &[36.0]];
        assert_eq!(left(&ones), [&none[..], &none, &none, &none, &none, &none, &[36.0]]);
        assert_eq!(left(&[&[2.0], &[2.0], &[3.0], &[9.0]]), [&none[..], &none, &none, &[9.0]]);
    }

    #[test]
    fn where_all_rows_are_too_few_the_total_goes_with_them() {
        let some = |rows: &[&[f64]], total: f64| Grid { total: Some(vec![Some(total)]), ..grid(rows) }.hidden(5.0).1;
        assert_eq!(some(&[&[3.0], &[2.0]], 5.0), Some(vec![true]));
        assert_eq!(some(&[&[3.0], &[3.0]], 6.0), Some(vec![false]));
    }

    #[test]
    fn parts_go_together_and_what_they_are_parts_of_stays() {
        let rows: [&[f64]; 3] = [&[30.0, 10.0, 20.0], &[23.0, 3.0, 20.0], &[50.0, 25.0, 25.0]];
        let kin = vec![Kin { all: vec![0, 1, 2], parts: vec![1, 2] }];
        assert_eq!(left_of(&rows, &Grid { kin, ..grid(&rows) }), [vec![30.0], vec![23.0], vec![50.0, 25.0, 25.0]]);
    }

    #[test]
    fn what_stands_beside_a_hidden_count_is_hidden_with_it() {
        let rows = [[3.0, 30.0], [8.0, 8.0], [9.0, 9.0]].map(|row| row.map(Some).to_vec()).to_vec();
        let grid = Grid { rows, sides: 2, ..grid(&[&[], &[], &[]]) };
        assert_eq!(grid.hidden(5.0).0, [[true, true], [true, true], [false, false]]);
    }

    #[test]
    fn a_row_of_a_change_taken_apart_goes_as_a_whole() {
        let none: [f64; 0] = [];
        let rows: [&[f64]; 3] = [&[4.0, 40.0], &[9.0, 8.0], &[30.0, 30.0]];
        let kin = vec![Kin { all: vec![0, 1], parts: vec![0, 1] }];
        assert_eq!(left_of(&rows, &Grid { kin, ..grid(&rows) }), [&none[..], &none, &[30.0, 30.0]]);
    }
}
