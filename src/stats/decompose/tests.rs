//! Worked decompositions, and that terms always add up.

use super::*;

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-9, "{a} for {b}");
}

#[test]
fn kitagawa_as_worked_in_the_contract() {
    let email = Group { n0: 400, m0: 240.0, n1: 600, m1: 230.0 };
    let chat = Group { n0: 600, m0: 3.0, n1: 400, m1: 2.5 };
    let why = mean(&[email, chat]).unwrap();
    near(why.earlier, 97.8);
    near(why.later, 139.0);
    near(why.mix, 46.45);
    near(why.within, -5.25);
    near(why.terms[0].mix, 23.32);
    near(why.terms[1].mix, 23.13);
    assert!(why.simpson);
}

#[test]
fn groups_that_come_and_go_have_terms_of_their_own() {
    // By pencil: means 10 and 14, centre 12; gone -1/2 × (5 - 12) = 3.5, new 1/4 × (20 - 12) = 2,
    // stays (3/4 - 1/2)(13.5 - 12) = 0.375 and (12 - 15)(5/8) = -1.875.
    let stays = Group { n0: 10, m0: 15.0, n1: 30, m1: 12.0 };
    let gone = Group { n0: 10, m0: 5.0, n1: 0, m1: f64::NAN };
    let new = Group { n0: 0, m0: f64::NAN, n1: 10, m1: 20.0 };
    let why = mean(&[stays, gone, new]).unwrap();
    near(why.earlier, 10.0);
    near(why.later, 14.0);
    near(why.terms[0].mix, 0.375);
    near(why.terms[0].within, -1.875);
    near(why.terms[1].mix, 3.5);
    near(why.terms[2].mix, 2.0);
    assert!(why.terms[1].within.is_nan() && why.terms[2].within.is_nan());
    near(why.mix + why.within, 4.0);
    assert!(!why.simpson, "one group that stayed is no paradox");
    assert_eq!(mean(&[gone]), None);
}

fn values<'a>(earlier: &'a [f64], later: &'a [f64]) -> Values<'a> {
    Values { earlier, later }
}

#[test]
fn medians_move_by_mix_where_every_group_got_faster() {
    let slow: Vec<f64> = (0..10).map(|i| 100.0 + f64::from(i)).collect();
    let fast: Vec<f64> = (0..30).map(f64::from).collect();
    let faster = |values: &[f64], times: usize| -> Vec<f64> {
        let mut all: Vec<f64> = values.iter().flat_map(|v| vec![v * 0.9; times]).collect();
        all.sort_by(f64::total_cmp);
        all
    };
    let (slow_later, fast_later) = (faster(&slow, 6), faster(&fast, 1));
    let groups = [values(&slow, &slow_later), values(&fast, &fast_later)];
    let why = quantiles(&groups, 0.5).unwrap();
    // By pencil: the median of 40 earlier values is between the 20th and 21st, 19 and 20. Later, the 45th and 46th of
    // 90 are both 0.9 × 102. Earlier rows with the later mix weigh 6 and 1, which gives 102 (numpy 2.4.6, weights).
    near(why.earlier, 19.5);
    near(why.later, 0.9 * 102.0);
    near(why.mix, 82.5);
    near(why.mix + why.within, why.later - why.earlier);
    assert!(why.mix > 0.0 && why.within < 0.0 && why.simpson, "{why:?}");
    let sum = |pick: fn(&Terms) -> f64| why.terms.iter().map(pick).sum::<f64>();
    near(sum(|term| term.mix), why.mix);
    near(sum(|term| term.within), why.within);
    // All of the fast group was below the middle and is: that it got faster still does not move the median.
    assert!(why.terms.iter().all(|term| term.mix > 0.0) && why.terms[1].within == 0.0, "{why:?}");
}

#[test]
fn equal_mixes_leave_no_mix() {
    let groups = [values(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]), values(&[10.0, 20.0], &[11.0, 22.0])];
    let why = quantiles(&groups, 0.5).unwrap();
    near(why.mix, 0.0);
    near(why.within, 3.0);
}

#[test]
fn medians_of_groups_that_come_and_go() {
    // By pencil: {1,2,3} and {50,60}: 3; without the gone {1,2,3}: 2; later {2,3,4}: 3; with the new {2,3,4,70}: 3.5.
    let groups = [values(&[1.0, 2.0, 3.0], &[2.0, 3.0, 4.0]), values(&[50.0, 60.0], &[]), values(&[], &[70.0])];
    let why = quantiles(&groups, 0.5).unwrap();
    near(why.terms[1].mix, -1.0);
    near(why.terms[0].within, 1.0);
    near(why.terms[2].mix, 0.5);
    near(why.terms[0].mix, 0.0);
    near(why.mix, -0.5);
    assert!(why.terms[1].within.is_nan() && why.terms[2].within.is_nan());
    assert_eq!(quantiles(&[values(&[1.0], &[])], 0.5), None);
    assert_eq!(quantiles(&[values(&[1.0], &[]), values(&[], &[2.0])], 0.5), None);
}
