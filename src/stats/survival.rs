//! How long until something happens, where for some it has not happened yet: Kaplan and Meier's curve.
//!
//! Curves of several groups are compared in `logrank.rs`.

use super::{Estimate, Z95};

/// How far off a share may be by rounding when it is compared with another.
const TOLERANCE: f64 = 1e-12;

/// One customer, contact or call that is watched.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Subject {
    /// When the watching began: at risk after this, up to and with `time`. 0: from the beginning.
    pub entry: f64,
    /// When it happened, or when the watching ended.
    pub time: f64,
    /// Whether it happened; otherwise censored.
    pub event: bool,
}

impl Subject {
    /// One that is watched from the beginning.
    pub const fn new(time: f64, event: bool) -> Self {
        Self { entry: 0.0, time, event }
    }

    /// Whether there is any time at which it is at risk; with no late entry that is so at 0 too.
    pub(super) fn is_seen(&self) -> bool {
        self.time.is_finite() && !self.entry.is_nan() && (self.entry <= 0.0 || self.entry < self.time)
    }
}

/// What happens at one time: those at risk just before, and those to whom it happens.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    pub time: f64,
    pub at_risk: u64,
    pub events: u64,
}

/// The times of events. At equal times events come before censorings, and late entries after both.
pub fn moments(subjects: &[Subject]) -> Vec<Moment> {
    let seen = subjects.iter().filter(|subject| subject.is_seen());
    let mut entries: Vec<f64> =
        seen.clone().map(|s| if s.entry <= 0.0 { f64::NEG_INFINITY } else { s.entry }).collect();
    let mut exits: Vec<(f64, bool)> = seen.map(|subject| (subject.time, subject.event)).collect();
    entries.sort_by(f64::total_cmp);
    exits.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut entered = 0;
    let mut left = 0;
    let mut out = Vec::new();
    for together in exits.chunk_by(|a, b| a.0 == b.0) {
        let time = together[0].0;
        while entries.get(entered).is_some_and(|entry| *entry < time) {
            entered += 1;
        }
        let events = together.iter().filter(|(_, event)| *event).count();
        if events > 0 {
            out.push(Moment { time, at_risk: (entered - left) as u64, events: events as u64 });
        }
        left += together.len();
    }
    out
}

/// The curve just after one time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    pub time: f64,
    pub at_risk: u64,
    pub events: u64,
    /// The share to whom it has not happened.
    pub survival: f64,
    /// Greenwood's standard error; NaN where nobody is left.
    pub error: f64,
}

/// A curve: a step at each time at which something happens.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Curve {
    pub steps: Vec<Step>,
    /// Until when anybody was watched.
    pub last: f64,
}

impl Curve {
    /// Kaplan and Meier's product-limit estimate (1958) with Greenwood's standard error (1926), subjects who enter
    /// late counted from their entry on. Where late entries leave nobody at risk early, it is 0 from there on, as it
    /// is in any product of shares.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    pub fn new(subjects: &[Subject]) -> Self {
        let (mut survival, mut variance) = (1.0, 0.0);
        let step = |moment: Moment| {
            let Moment { time, at_risk, events } = moment;
            let (n, d) = (at_risk as f64, events as f64);
            survival *= (n - d) / n;
            variance += d / (n * (n - d));
            Step { time, at_risk, events, survival, error: survival * f64::sqrt(variance) }
        };
        let seen = subjects.iter().filter(|subject| subject.is_seen());
        let last = seen.map(|subject| subject.time).fold(0.0, f64::max);
        Self { steps: moments(subjects).into_iter().map(step).collect(), last }
    }

    /// The last step up to a time; `None` before the first.
    pub fn at(&self, time: f64) -> Option<&Step> {
        let after = self.steps.partition_point(|step| step.time <= time);
        after.checked_sub(1).and_then(|nth| self.steps.get(nth))
    }

    /// S(t): 1 before the first step.
    pub fn survival_at(&self, time: f64) -> f64 {
        self.at(time).map_or(1.0, |step| step.survival)
    }

    /// S(t) where it is known: as long as anybody was watched, and from then on where it has come to 0, at which it stays.
    pub fn seen_at(&self, time: f64) -> Option<f64> {
        let survival = self.survival_at(time);
        (time <= self.last || survival <= 0.0).then_some(survival)
    }

    /// The 95 % interval of S(t), where it is known.
    pub fn interval_at(&self, time: f64) -> Option<(f64, f64)> {
        self.seen_at(time).and_then(|_| self.at(time)?.interval())
    }

    /// The first time with S(t) <= 1 - q; `None` where the curve does not come down so far.
    pub fn quantile(&self, q: f64) -> Option<f64> {
        self.first_at(q, |step| Some(step.survival))
    }

    /// The quantile with its 95 % interval: the times at which the bounds of the curve come down so far (Brookmeyer and
    /// Crowley 1982). `None` where one of the three does not.
    pub fn quantile_estimate(&self, q: f64) -> Option<Estimate> {
        let bound = |part: fn((f64, f64)) -> f64| self.first_at(q, move |step| step.interval().map(part));
        Some(Estimate { value: self.quantile(q)?, low: bound(|both| both.0)?, high: bound(|both| both.1)? })
    }

    /// S(t) with its 95 % interval.
    pub fn survival_estimate(&self, time: f64) -> Option<Estimate> {
        let (low, high) = self.interval_at(time)?;
        Some(Estimate { value: self.survival_at(time), low, high })
    }

    /// The first time at which something of a step is at 1 - q or below.
    fn first_at(&self, q: f64, of: impl Fn(&Step) -> Option<f64>) -> Option<f64> {
        let reached = |step: &&Step| of(step).is_some_and(|share| share <= 1.0 - q + TOLERANCE);
        self.steps.iter().find(reached).map(|step| step.time)
    }
}

impl Step {
    /// The 95 % interval on the log-log scale (Kalbfleisch and Prentice 1980), which stays between 0 and 1; `None`
    /// where nobody or everybody is left.
    pub fn interval(&self) -> Option<(f64, f64)> {
        let inside = self.survival > 0.0 && self.survival < 1.0;
        let spread = (Z95 * self.error / (self.survival * self.survival.ln().abs())).exp();
        inside.then(|| (self.survival.powf(spread), self.survival.powf(1.0 / spread)))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn subjects(text: &str) -> Vec<Subject> {
        let subject = |word: &str| Subject::new(word.trim_end_matches('+').parse().unwrap(), !word.ends_with('+'));
        text.split(',').map(subject).collect()
    }

    /// Weeks in remission on 6-MP (Freireich 1963; Kalbfleisch and Prentice): metrics.md §6.
    pub fn six_mp() -> Vec<Subject> {
        subjects("6,6,6,6+,7,9+,10,10+,11+,13,16,17+,19+,20+,22,23,25+,32+,32+,34+,35+")
    }

    /// The same without the drug.
    pub fn placebo() -> Vec<Subject> {
        subjects("1,1,2,2,3,4,4,5,5,8,8,8,8,11,11,12,12,15,17,22,23")
    }

    #[test]
    fn six_mp_as_in_the_contract() {
        let curve = Curve::new(&six_mp());
        let expected = [(6.0, 0.8571, Some(0.0764)), (10.0, 0.7529, Some(0.0963)), (22.0, 0.5378, None)];
        for (time, survival, error) in expected.into_iter().chain([(23.0, 0.4482, Some(0.1346))]) {
            let step = curve.at(time).unwrap();
            assert!((step.survival - survival).abs() < 5e-5, "S({time}) = {}", step.survival);
            assert!(error.is_none_or(|error| (step.error - error).abs() < 5e-5), "SE({time}) = {}", step.error);
        }
        assert_eq!((curve.survival_at(5.9), curve.survival_at(24.0)), (1.0, curve.survival_at(23.0)));
        assert_eq!((curve.quantile(0.5), curve.quantile(0.9)), (Some(23.0), None));
        // Of the events alone, as if the others had never been watched.
        let events: Vec<Subject> = six_mp().into_iter().filter(|subject| subject.event).collect();
        assert_eq!(Curve::new(&events).quantile(0.5), Some(10.0));
    }

    #[test]
    fn intervals_on_the_log_log_scale_as_lifelines_gives_them() {
        // lifelines 0.30.3, KaplanMeierFitter.confidence_interval_.
        let curve = Curve::new(&six_mp());
        let expected = [(6.0, 0.619_718, 0.951_552), (10.0, 0.503_200, 0.889_362), (23.0, 0.188_052, 0.680_143)];
        for (time, low, high) in expected {
            let interval = curve.at(time).and_then(Step::interval).unwrap();
            assert!((interval.0 - low).abs() < 1e-6 && (interval.1 - high).abs() < 1e-6, "{time}: {interval:?}");
        }
        let all_gone = Curve::new(&[Subject::new(1.0, true)]);
        assert_eq!((all_gone.survival_at(1.0), all_gone.steps[0].interval()), (0.0, None));
    }

    #[test]
    fn quantiles_have_the_intervals_that_lifelines_gives_them() {
        // lifelines 0.30.3, qth_survival_times(1 - q, confidence_interval_).
        let placebo = Curve::new(&placebo());
        let expected = [(0.1, 2.0, 1.0, 3.0), (0.25, 4.0, 1.0, 5.0), (0.5, 8.0, 4.0, 11.0), (0.75, 12.0, 8.0, 22.0)];
        for (q, value, low, high) in expected {
            assert_eq!(placebo.quantile_estimate(q), Some(Estimate { value, low, high }), "{q}");
        }
        assert_eq!(Curve::new(&six_mp()).quantile_estimate(0.25), Some(Estimate { value: 13.0, low: 6.0, high: 22.0 }));
        // The median lies at 13 or later, and nobody knows how much later.
        assert_eq!(Curve::new(&six_mp()).quantile_estimate(0.5), None);
    }

    #[test]
    fn what_nobody_saw_is_unknown_unless_all_are_gone() {
        let six_mp = Curve::new(&six_mp());
        assert_eq!((six_mp.seen_at(35.0), six_mp.seen_at(35.1)), (Some(six_mp.survival_at(35.0)), None));
        assert_eq!(six_mp.interval_at(36.0), None);
        let placebo = Curve::new(&placebo());
        assert_eq!((placebo.seen_at(23.0), placebo.seen_at(90.0)), (Some(0.0), Some(0.0)));
    }

    #[test]
    fn late_entries_as_lifelines_counts_them() {
        // lifelines 0.30.3, KaplanMeierFitter().fit(times, events, entry=entries).
        let entry = [0.0, 0.0, 2.0, 3.0, 0.0, 5.0, 1.0, 0.0, 4.0, 2.0];
        let time = [4.0, 7.0, 6.0, 9.0, 3.0, 8.0, 10.0, 12.0, 12.0, 5.0];
        let event = [true, false, true, true, true, false, true, true, false, true];
        let all: Vec<Subject> = (0..10).map(|i| Subject { entry: entry[i], time: time[i], event: event[i] }).collect();
        let curve = Curve::new(&all);
        let got: Vec<(f64, u64)> = curve.steps.iter().map(|step| (step.time, step.at_risk)).collect();
        // The event table of lifelines counts those who enter at a time as at risk then; (entry, time] does not.
        assert_eq!(got, [(3.0, 7), (4.0, 7), (5.0, 7), (6.0, 7), (9.0, 4), (10.0, 3), (12.0, 2)]);
        let expected = [
            (3.0, 0.857_143),
            (4.0, 0.734_694),
            (5.0, 0.629_738),
            (6.0, 0.539_775),
            (9.0, 0.404_831),
            (10.0, 0.269_888),
            (12.0, 0.134_944),
        ];
        for (time, survival) in expected {
            assert!((curve.survival_at(time) - survival).abs() < 1e-6, "S({time}) = {}", curve.survival_at(time));
        }
        let (low, high) = curve.at(9.0).and_then(Step::interval).unwrap();
        assert!((low - 0.104_368).abs() < 1e-6 && (high - 0.696_384).abs() < 1e-6);
    }

    #[test]
    fn odd_subjects_are_nobody() {
        let odd = [
            Subject { entry: 5.0, time: 5.0, event: true },
            Subject { entry: 9.0, time: 3.0, event: true },
            Subject::new(f64::NAN, true),
        ];
        assert_eq!(Curve::new(&odd), Curve::default());
        assert_eq!((Curve::default().survival_at(1.0), Curve::default().quantile(0.5)), (1.0, None));
        // A reply in no time at all is a reply.
        assert_eq!(Curve::new(&[Subject::new(0.0, true), Subject::new(2.0, false)]).quantile(0.5), Some(0.0));
    }
}
