//! 64 bytes of a text looked at together: which of them are a given byte, as the bits of a number, lowest first.
//!
//! What a byte means is not known here: `scan.rs` and `walker.rs` look for quotes and brackets with this.

use wide::u8x16;

/// How many bytes are looked at together.
pub const SIZE: usize = 64;

/// The bytes.
#[derive(Debug, Clone, Copy)]
pub struct Block([u8x16; SIZE / 16]);

impl Block {
    /// The bytes of a text from an offset on; behind its end are zeros.
    #[inline]
    pub fn at(text: &[u8], from: usize) -> Self {
        let rest = text.get(from..).unwrap_or_default();
        if let Some(whole) = rest.first_chunk() {
            return Self::new(whole);
        }
        let mut padded = [0; SIZE];
        padded[..rest.len()].copy_from_slice(rest);
        Self::new(&padded)
    }

    #[inline]
    fn new(bytes: &[u8; SIZE]) -> Self {
        let (parts, _) = bytes.as_chunks::<16>();
        Self([0, 1, 2, 3].map(|nth| u8x16::new(parts[nth])))
    }

    /// Which bytes are this one.
    #[inline]
    pub fn equal(&self, byte: u8) -> u64 {
        self.bits(|part| part.simd_eq(u8x16::splat(byte)))
    }

    /// Which bytes are this one once a bit is set in all of them.
    #[inline]
    pub fn equal_with(&self, bit: u8, byte: u8) -> u64 {
        self.bits(|part| (part | u8x16::splat(bit)).simd_eq(u8x16::splat(byte)))
    }

    /// Which bytes end or interrupt a JSON string: quotes, backslashes, and control characters.
    #[inline]
    pub fn string_stops(&self) -> u64 {
        let control = u8x16::splat(0x1f);
        self.bits(|part| {
            part.simd_eq(u8x16::splat(b'"')) | part.simd_eq(u8x16::splat(b'\\')) | part.min(control).simd_eq(part)
        })
    }

    #[inline]
    fn bits(&self, is: impl Fn(u8x16) -> u8x16) -> u64 {
        let [a, b, c, d] = self.0.map(|part| u64::from(is(part).to_bitmask()));
        a | b << 16 | c << 32 | d << 48
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn each_byte_has_its_bit(text in proptest::collection::vec(0..=255u8, 0..100), from in 0..100usize) {
            let block = Block::at(&text, from);
            for nth in 0..SIZE {
                let byte = text.get(from + nth).copied().unwrap_or(0);
                let is = |bits: u64| bits >> nth & 1 == 1;
                prop_assert_eq!(is(block.equal(b'{')), byte == b'{');
                prop_assert_eq!(is(block.equal_with(0x20, b'{')), matches!(byte, b'{' | b'['));
                prop_assert_eq!(is(block.string_stops()), matches!(byte, b'"' | b'\\' | 0..0x20));
            }
        }
    }
}
