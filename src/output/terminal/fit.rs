//! Fitting columns into a width: names give way first, then columns go into groups.
//!
//! Only sizes; what stands in the columns is drawn in `block.rs`.

use super::block::{Block, Excess, Lane};

/// Names are cut down to this before columns are stacked.
const NAME: usize = 16;
/// Sentences are wrapped down to this.
const SENTENCE: usize = 30;
/// In groups names may be cut further.
const NAME_IN_GROUPS: usize = 6;

/// What a column takes: text or digits, the unit that hangs beside them, the mark after that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    pub body: usize,
    pub unit: usize,
    pub mark: usize,
}

impl Size {
    /// Without the mark.
    pub fn text(self) -> usize {
        self.body + self.unit
    }

    /// With it.
    pub fn all(self) -> usize {
        self.body + self.unit + self.mark
    }
}

/// The width of some columns side by side.
pub fn total(block: &Block, sizes: &[Size], lanes: &[usize]) -> usize {
    let gaps: usize = lanes.iter().skip(1).map(|&i| usize::from(block.lanes[i].gap)).sum();
    gaps + lanes.iter().map(|&i| sizes[i].all()).sum::<usize>()
}

/// Sizes of the columns, and which of them stand side by side.
pub fn fit(block: &Block, limit: usize) -> (Vec<Size>, Vec<Vec<usize>>) {
    let natural: Vec<Size> = block.lanes.iter().map(Lane::size).collect();
    let all: Vec<usize> = (0..natural.len()).collect();
    let mut sizes = natural.clone();
    narrow(block, &mut sizes, &all, limit, |excess| match excess {
        Excess::Keep => usize::MAX,
        Excess::Cut => NAME,
        Excess::Wrap => SENTENCE,
    });
    if total(block, &sizes, &all) <= limit {
        return (sizes, vec![all]);
    }
    stacked(block, natural, limit)
}

/// Take from the widest column that may give way, until all fit or none can.
fn narrow(block: &Block, sizes: &mut [Size], lanes: &[usize], limit: usize, least: impl Fn(Excess) -> usize) {
    loop {
        let over = total(block, sizes, lanes).saturating_sub(limit);
        let yields = |&&i: &&usize| sizes[i].body > least(block.lanes[i].excess);
        let Some(&widest) = lanes.iter().filter(yields).max_by_key(|&&i| sizes[i].body) else { return };
        if over == 0 {
            return;
        }
        let spare = sizes[widest].body - least(block.lanes[widest].excess);
        // One that is much too wide gives at once, equals give in turns.
        sizes[widest].body -= spare.min(over.div_ceil(lanes.len()));
    }
}

/// Columns from `first` on, tied ones together.
fn parts(block: &Block, first: usize) -> Vec<Vec<usize>> {
    let mut parts: Vec<Vec<usize>> = Vec::new();
    for (at, lane) in block.lanes.iter().enumerate().skip(first) {
        match parts.last_mut() {
            Some(part) if lane.tied => part.push(at),
            _ => parts.push(vec![at]),
        }
    }
    parts
}

/// Groups of columns, each with the repeated ones before it.
fn stacked(block: &Block, mut sizes: Vec<Size>, limit: usize) -> (Vec<Size>, Vec<Vec<usize>>) {
    let mut repeated: Vec<usize> = (0..block.repeated.min(sizes.len())).collect();
    narrow(block, &mut sizes, &repeated, limit / 2, |_| NAME_IN_GROUPS);
    // More names than fit are said once, as columns of their own.
    while repeated.len() > 1 && total(block, &sizes, &repeated) > limit * 2 / 3 {
        repeated.pop();
    }
    let mut groups: Vec<Vec<usize>> = Vec::new();
    for part in parts(block, repeated.len()) {
        let joins =
            groups.last().is_some_and(|group| total(block, &sizes, &[group, part.as_slice()].concat()) <= limit);
        match groups.last_mut() {
            Some(group) if joins => group.extend(part),
            _ => {
                let group = [repeated.as_slice(), &part].concat();
                // One column alone that is too wide is cut, whatever it holds.
                narrow(block, &mut sizes, &group, limit, |_| NAME_IN_GROUPS);
                groups.push(group);
            }
        }
    }
    if groups.is_empty() {
        groups.push(repeated);
    }
    (sizes, groups)
}
