//! Which rows are one record: `Groups`, rows in one buffer with the ends of the groups.
//!
//! Only the container; who belongs together is decided in `copies.rs` and `cases.rs`.

/// Groups of rows. None is empty; the first row of a group is the earliest.
#[derive(Debug, Default)]
pub struct Groups {
    rows: Vec<u32>,
    ends: Vec<usize>,
}

impl Groups {
    /// Every row by itself.
    pub fn single(rows: Vec<u32>) -> Self {
        Self { ends: (1..=rows.len()).collect(), rows }
    }

    /// Neighbours that belong together are one group.
    pub fn split(rows: impl IntoIterator<Item = u32>, together: impl Fn(u32, u32) -> bool) -> Self {
        let mut groups = Self::default();
        for row in rows {
            match (groups.rows.last(), groups.ends.last_mut()) {
                (Some(&before), Some(end)) if together(before, row) => *end += 1,
                _ => groups.ends.push(groups.rows.len() + 1),
            }
            groups.rows.push(row);
        }
        groups
    }

    /// How many groups there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether some group has more than one row.
    pub fn any_joined(&self) -> bool {
        self.rows.len() > self.ends.len()
    }

    /// The groups, each with at least one row.
    pub fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.rows[start..end])
    }

    /// The same groups in the order of their first rows.
    pub fn sorted(self, mut compare: impl FnMut(u32, u32) -> std::cmp::Ordering) -> Self {
        let mut all: Vec<&[u32]> = self.iter().collect();
        all.sort_unstable_by(|a, b| compare(a[0], b[0]));
        let mut sorted = Self::default();
        for rows in all {
            sorted.rows.extend_from_slice(rows);
            sorted.ends.push(sorted.rows.len());
        }
        sorted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_grouped_and_groups_sorted() {
        let groups = Groups::split([9, 8, 3, 2, 5], |a, b| a == b + 1);
        assert_eq!(groups.iter().collect::<Vec<_>>(), [&[9, 8][..], &[3, 2], &[5]]);
        assert!(groups.any_joined() && groups.len() == 3);
        let sorted = groups.sorted(|a, b| a.cmp(&b));
        assert_eq!(sorted.iter().collect::<Vec<_>>(), [&[3, 2][..], &[5], &[9, 8]]);
        assert!(!Groups::single(vec![4, 1]).any_joined());
    }
}
