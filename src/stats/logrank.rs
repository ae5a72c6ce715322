//! Whether groups differ in how long it takes: the log-rank test.

use super::chi_squared::Test;
use super::survival::{Moment, Subject, moments};

/// The log-rank test (Mantel 1966) of any number of groups, late entries counted from their entry on. Groups to whom
/// nothing could have happened are left out. `None` where fewer than two are left, or nothing tells them apart.
pub fn logrank(groups: &[&[Subject]]) -> Option<Test> {
    let expected = |group: &&&[Subject]| group.iter().any(Subject::is_seen);
    let groups: Vec<&[Subject]> = groups.iter().filter(expected).copied().collect();
    let pooled: Vec<Subject> = groups.iter().copied().flatten().copied().collect();
    let moments = moments(&pooled);
    let per_group: Vec<Vec<(f64, f64)>> = groups.iter().map(|group| beside(group, &moments)).collect();
    // A group that nobody of was at risk when anything happened has nothing expected.
    let per_group: Vec<Vec<(f64, f64)>> =
        per_group.into_iter().filter(|at| at.iter().any(|(at_risk, _)| *at_risk > 0.0)).collect();
    let free = per_group.len().checked_sub(1).filter(|free| *free > 0)?;
    let (mut excess, mut variance) = (vec![0.0; free], vec![vec![0.0; free]; free]);
    for (nth, moment) in moments.iter().enumerate() {
        let at: Vec<(f64, f64)> = per_group.iter().map(|group| group[nth]).collect();
        add(moment, &at, &mut excess, &mut variance);
    }
    let solved = solve(variance, excess.clone())?;
    let statistic = excess.iter().zip(solved).map(|(e, s)| e * s).sum();
    Some(Test::new(statistic, u32::try_from(free).ok()?))
}

/// How many of a group are at risk, and to how many it happens, at each of these times.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn beside(group: &[Subject], moments: &[Moment]) -> Vec<(f64, f64)> {
    let seen = group.iter().filter(|subject| subject.is_seen());
    let mut entries: Vec<f64> =
        seen.clone().map(|s| if s.entry <= 0.0 { f64::NEG_INFINITY } else { s.entry }).collect();
    let mut exits: Vec<f64> = seen.clone().map(|subject| subject.time).collect();
    let mut events: Vec<f64> = seen.filter(|subject| subject.event).map(|subject| subject.time).collect();
    [&mut entries, &mut exits, &mut events].into_iter().for_each(|times| times.sort_by(f64::total_cmp));
    let before = |times: &[f64], time: f64| times.partition_point(|t| *t < time);
    let upto = |times: &[f64], time: f64| times.partition_point(|t| *t <= time);
    let at = |moment: &Moment| {
        let at_risk = before(&entries, moment.time) - before(&exits, moment.time);
        let events = upto(&events, moment.time) - before(&events, moment.time);
        (at_risk as f64, events as f64)
    };
    moments.iter().map(at).collect()
}

/// Events beyond those expected, and their covariance, at one time: hypergeometric.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn add(moment: &Moment, at: &[(f64, f64)], excess: &mut [f64], variance: &mut [Vec<f64>]) {
    let (n, d) = (moment.at_risk as f64, moment.events as f64);
    let spread = if n > 1.0 { d * (n - d) / (n * n * (n - 1.0)) } else { 0.0 };
    for (i, (at_risk, events)) in at.iter().enumerate().take(excess.len()) {
        excess[i] += events - d * at_risk / n;
        for (j, (other, _)) in at.iter().enumerate().take(excess.len()) {
            let own = if i == j { n } else { 0.0 };
            variance[i][j] += spread * at_risk * (own - other);
        }
    }
}

/// Solve a small symmetric system by elimination, the largest pivot first; `None` where it has no single solution.
fn solve(mut matrix: Vec<Vec<f64>>, mut right: Vec<f64>) -> Option<Vec<f64>> {
    const FLAT: f64 = 1e-10;
    let size = right.len();
    let largest = matrix.iter().flatten().fold(0.0, |most: f64, value| most.max(value.abs()));
    for column in 0..size {
        let pivot = (column..size).max_by(|a, b| matrix[*a][column].abs().total_cmp(&matrix[*b][column].abs()))?;
        if matrix[pivot][column].abs() <= FLAT * largest {
            return None;
        }
        matrix.swap(column, pivot);
        right.swap(column, pivot);
        for row in column + 1..size {
            let factor = matrix[row][column] / matrix[column][column];
            let above = matrix[column].clone();
            matrix[row].iter_mut().zip(above).for_each(|(value, above)| *value -= factor * above);
            right[row] -= factor * right[column];
        }
    }
    for row in (0..size).rev() {
        let known: f64 = (row + 1..size).map(|column| matrix[row][column] * right[column]).sum();
        right[row] = (right[row] - known) / matrix[row][row];
    }
    Some(right)
}

#[cfg(test)]
mod tests {
    use super::super::survival::tests::{placebo, six_mp};
    use super::*;

    fn three() -> Vec<Vec<Subject>> {
        let group = |times: [f64; 6], events: [u8; 6]| {
            times.iter().zip(events).map(|(&time, event)| Subject::new(time, event == 1)).collect()
        };
        vec![
            group([3.0, 5.0, 7.0, 7.0, 18.0, 20.0], [1, 0, 1, 1, 1, 0]),
            group([4.0, 4.0, 9.0, 12.0, 15.0, 25.0], [1, 1, 1, 0, 1, 1]),
            group([1.0, 2.0, 6.0, 6.0, 8.0, 10.0], [1, 1, 1, 0, 1, 1]),
        ]
    }

    #[test]
    fn six_mp_against_placebo_as_lifelines_tests_it() {
        // lifelines 0.30.3, multivariate_logrank_test; the textbooks have 16.79.
        let test = logrank(&[&six_mp(), &placebo()]).unwrap();
        assert!((test.statistic - 16.792_940_989_2).abs() < 1e-9 && test.freedom == 1, "{test:?}");
        assert!((test.p / 4.168_809_109_334_511e-5 - 1.0).abs() < 1e-9);
    }

    #[test]
    fn three_groups_as_lifelines_tests_them() {
        let groups = three();
        let groups: Vec<&[Subject]> = groups.iter().map(Vec::as_slice).collect();
        let test = logrank(&groups).unwrap();
        assert!((test.statistic - 2.733_526_904_048).abs() < 1e-9 && test.freedom == 2, "{test:?}");
        assert!((test.p - 0.254_930_721_271).abs() < 1e-9);
        let with_nobody: Vec<&[Subject]> = groups.iter().copied().chain([&[][..]]).collect();
        assert_eq!(logrank(&with_nobody), Some(test));
    }

    #[test]
    fn late_entries_are_at_risk_from_then_on() {
        // By pencil: at 2 one of A's two and neither of B's none; at 4 one of A, B's one at risk; at 6 B's alone.
        let a = [Subject::new(2.0, true), Subject::new(4.0, true)];
        let b = [Subject { entry: 3.0, time: 6.0, event: true }];
        // Only the time 4 tells: expected of A 1/2, variance 1/4; so (1/2)²/(1/4) = 1.
        let test = logrank(&[&a, &b]).unwrap();
        assert!((test.statistic - 1.0).abs() < 1e-12, "{test:?}");
    }

    #[test]
    fn nothing_to_tell_apart_is_no_test() {
        let (a, censored) = (six_mp(), [Subject::new(1.0, false)]);
        assert_eq!(logrank(&[&a]), None);
        assert_eq!(logrank(&[]), None);
        assert_eq!(logrank(&[&a, &censored]), None, "gone before anything happened");
    }
}
