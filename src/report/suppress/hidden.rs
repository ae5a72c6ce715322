//! Which of the counts of a table are hidden: those below a limit, and so many of the next smallest that whoever takes
//! what is shown from a sum learns no more than that several together come to the limit.

/// Counts of a table, each row as long as the others.
pub struct Grid {
    pub rows: Vec<Vec<Option<f64>>>,
    pub total: Option<Vec<Option<f64>>>,
    /// How many of them stand side by side in a cell; where the first is hidden, so are the others.
    pub sides: usize,
    /// By which rows of the same count are told apart, so that tables in another order hide the same ones.
    pub names: Vec<String>,
}

/// What adds up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sums {
    /// Each column, to the total.
    Columns,
    /// Each row too.
    Both,
    /// Each column, and a row is hidden as a whole: its figures tell each other.
    Whole,
}

/// True where a count is hidden.
pub type Flags = Vec<bool>;

/// The hidden counts of all rows and of the total.
pub fn hidden(grid: &Grid, sums: Sums, under: f64) -> (Vec<Flags>, Option<Flags>) {
    grid.hidden_with(&vec![false; grid.rows.len()], sums, under)
}

impl Grid {
    /// The same, where some rows are gone already.
    pub fn hidden_with(&self, gone: &[bool], sums: Sums, under: f64) -> (Vec<Flags>, Option<Flags>) {
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
            self.along_columns(&mut rows, under);
            rows.iter_mut().chain(&mut total).flat_map(|flags| flags.chunks_mut(self.sides)).for_each(as_the_first);
            match sums {
                Sums::Columns => {}
                Sums::Both => {
                    let counts = self.rows.iter().chain(&self.total);
                    for (counts, flags) in counts.zip(rows.iter_mut().chain(&mut total)) {
                        (0..self.sides).for_each(|side| along_row(counts, flags, (side, self.sides), under));
                    }
                }
                Sums::Whole => {
                    rows.iter_mut().filter(|flags| flags.contains(&true)).for_each(|flags| flags.fill(true));
                }
            }
            if before == (rows.clone(), total.clone()) {
                return (rows, total);
            }
        }
    }

    fn along_columns(&self, rows: &mut [Flags], under: f64) {
        let width = self.rows.iter().map(Vec::len).max().unwrap_or(0);
        for column in 0..width {
            let counts: Vec<Option<f64>> = self.rows.iter().map(|row| row.get(column).copied().flatten()).collect();
            let mut flags: Flags = rows.iter().map(|row| row.get(column).copied().unwrap_or(false)).collect();
            along(&counts, &mut flags, under, |at| self.names.get(at));
            for (row, flag) in rows.iter_mut().zip(flags) {
                row.iter_mut().skip(column).take(1).for_each(|own| *own = flag);
            }
        }
    }
}

fn as_the_first(cell: &mut [bool]) {
    if cell.first() == Some(&true) {
        cell.fill(true);
    }
}

/// Along one side of a row's cells.
fn along_row(counts: &[Option<f64>], flags: &mut [bool], (side, sides): (usize, usize), under: f64) {
    let of_side: Vec<Option<f64>> = counts.iter().skip(side).step_by(sides).copied().collect();
    let mut own: Flags = flags.iter().skip(side).step_by(sides).copied().collect();
    along(&of_side, &mut own, under, |at| at);
    flags.iter_mut().skip(side).step_by(sides).zip(own).for_each(|(flag, own)| *flag = own);
}

/// Hide more of what adds up until the hidden are two at least and come to the limit, or all are hidden.
fn along<K: Ord>(counts: &[Option<f64>], flags: &mut [bool], under: f64, key: impl Fn(usize) -> K) {
    let mut known: Vec<(f64, usize)> =
        counts.iter().enumerate().filter_map(|(at, n)| Some((*n.as_ref().filter(|n| **n > 0.0)?, at))).collect();
    known.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| key(a.1).cmp(&key(b.1))));
    loop {
        let hidden = || known.iter().filter(|(_, at)| flags[*at]);
        let is_safe = hidden().count() != 1 && hidden().map(|(n, _)| n).sum::<f64>() >= under;
        if is_safe || hidden().next().is_none() {
            return;
        }
        let Some(&(_, next)) = known.iter().find(|(_, at)| !flags[*at]) else { return };
        flags[next] = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(rows: &[&[f64]], sums: Sums) -> Vec<Vec<f64>> {
        let some = |row: &&[f64]| row.iter().map(|n| Some(*n)).collect::<Vec<_>>();
        let names = ('a'..).take(rows.len()).map(String::from).collect();
        let grid = Grid { rows: rows.iter().map(some).collect(), total: None, sides: 1, names };
        let (flags, _) = hidden(&grid, sums, 5.0);
        let shown = |(row, flags): (&&[f64], &Flags)| {
            row.iter().zip(flags).filter(|(_, hidden)| !**hidden).map(|(n, _)| *n).collect()
        };
        rows.iter().zip(&flags).map(shown).collect()
    }

    #[test]
    fn nothing_small_hides_nothing_and_zero_is_not_small() {
        assert_eq!(left(&[&[0.0], &[9.0], &[5.0]], Sums::Columns), [[0.0], [9.0], [5.0]]);
    }

    #[test]
    fn one_that_is_small_takes_the_next_smallest_with_it() {
        let none: [f64; 0] = [];
        assert_eq!(left(&[&[3.0], &[9.0], &[6.0], &[6.0]], Sums::Columns), [&none[..], &[9.0], &none, &[6.0]]);
    }

    #[test]
    fn two_that_come_to_less_than_the_limit_take_a_third() {
        let none: [f64; 0] = [];
        // The total less 20 and 9 would tell that both are 1.
        assert_eq!(left(&[&[1.0], &[1.0], &[9.0], &[20.0]], Sums::Columns), [&none[..], &none, &none, &[20.0]]);
        assert_eq!(left(&[&[4.0], &[4.0], &[9.0]], Sums::Columns), [&none[..], &none, &[9.0]]);
    }

    #[test]
    fn where_rows_add_up_too_none_is_alone_in_its_row_or_its_column() {
        let left = left(&[&[30.0, 10.0, 20.0], &[23.0, 3.0, 20.0], &[50.0, 25.0, 25.0]], Sums::Both);
        assert_eq!(left, [vec![30.0], vec![23.0], vec![50.0, 25.0, 25.0]]);
    }

    #[test]
    fn what_stands_beside_a_hidden_count_is_hidden_with_it() {
        let rows = [[3.0, 30.0], [8.0, 8.0], [9.0, 9.0]].map(|row| row.map(Some).to_vec()).to_vec();
        let grid = Grid { rows, total: None, sides: 2, names: ["a", "b", "c"].map(str::to_owned).to_vec() };
        assert_eq!(hidden(&grid, Sums::Columns, 5.0).0, [[true, true], [true, true], [false, false]]);
    }

    #[test]
    fn a_row_of_a_change_taken_apart_goes_as_a_whole() {
        let none: [f64; 0] = [];
        assert_eq!(left(&[&[4.0, 40.0], &[9.0, 8.0], &[30.0, 30.0]], Sums::Whole), [&none[..], &none, &[30.0, 30.0]]);
    }
}
