//! A small generator of pseudo-random numbers: `SplitMix64` (Steele, Lea and Flood, 2014).
//!
//! Written out here so that the committed bytes depend on no crate's version and, being integers
//! only, on no machine's floating point.

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

#[derive(Clone, Debug)]
pub struct Rng(u64);

impl Rng {
    /// Streams of one seed are independent: each writer has its own, so that a change in one file
    /// leaves the others as they were.
    pub fn new(seed: u64, stream: &str) -> Self {
        Self(stream.bytes().fold(mix(seed), |state, byte| mix(state ^ u64::from(byte))))
    }

    /// The generator of the `index`-th thing, the same whenever it is asked for.
    pub fn of(&self, index: u32) -> Self {
        Self(mix(self.0 ^ mix(u64::from(index) + 1)))
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// A number in `0..bound`.
    pub fn below(&mut self, bound: u32) -> u32 {
        (((self.next() >> 32) * u64::from(bound)) >> 32) as u32
    }

    /// A number in `low..=high`.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::from(self.below((high - low + 1) as u32))
    }

    pub fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len() as u32) as usize]
    }

    /// The index of one weight, drawn in proportion to the weights.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (index, &weight) in weights.iter().enumerate() {
            if left < weight {
                return index;
            }
            left -= weight;
        }
        0
    }

    /// `digits` hexadecimal digits, for the ids that vendors give.
    pub fn hex(&mut self, digits: usize) -> String {
        let mut text = format!("{:016x}{:016x}", self.next(), self.next());
        text.truncate(digits);
        text
    }

    /// A random (version 4) UUID.
    pub fn uuid(&mut self) -> String {
        let hex = self.hex(32);
        format!("{}-{}-4{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// Steps through the unit interval, in 64-bit fractions: the golden ratio, the best there is for one
/// coordinate, then the two of the plastic number (Roberts' R2), which make an even pair.
const STEPS: [u64; 3] = [GOLDEN, 0xC13F_A9A9_02A6_328F, 0x91E1_0DA5_C79E_7B1D];

/// Evenly spread numbers in `0..65536`.
///
/// Waits drawn from it follow their table closely in every week and in every group, so that the
/// difference between two weeks is the one that was meant and not the luck of the draw.
#[derive(Clone, Debug)]
pub struct Spread([u64; 3]);

impl Spread {
    pub fn new(rng: &mut Rng) -> Self {
        Self(std::array::from_fn(|_| rng.next()))
    }

    fn step(&mut self) -> [u32; 3] {
        for (coordinate, step) in self.0.iter_mut().zip(STEPS) {
            *coordinate = coordinate.wrapping_add(step);
        }
        self.0.map(|coordinate| (coordinate >> 48) as u32)
    }

    pub fn next(&mut self) -> u32 {
        self.step()[0]
    }

    /// Two numbers, every pair as likely as any other.
    pub fn pair(&mut self) -> (u32, u32) {
        let [_, one, other] = self.step();
        (one, other)
    }
}

/// A distribution as a table of (per mille, value), with straight lines between the points.
pub struct Quantiles(pub &'static [(u32, i64)]);

impl Quantiles {
    /// The value below which `u`/65536 of the distribution lies.
    pub fn at(&self, u: u32) -> i64 {
        let point = i64::from(u) * 1000;
        for pair in self.0.windows(2) {
            let (low, high) = (i64::from(pair[0].0) << 16, i64::from(pair[1].0) << 16);
            if point < high {
                return pair[0].1 + (pair[1].1 - pair[0].1) * (point - low) / (high - low);
            }
        }
        self.0.last().map_or(0, |last| last.1)
    }

    pub fn draw(&self, rng: &mut Rng) -> i64 {
        self.at(rng.below(65536))
    }
}
