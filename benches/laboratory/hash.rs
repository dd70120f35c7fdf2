//! A hash that is the same on every machine and in every run.

/// FNV-1a, with a finish that spreads it over all bits.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hash(u64);

impl Default for Hash {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hash {
    /// With a text, and the end of it.
    pub(crate) fn text(mut self, text: &str) -> Self {
        for byte in text.bytes().chain([0xff]) {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        self
    }

    /// With a number.
    pub(crate) fn number(self, number: u64) -> Self {
        self.text(&number.to_string())
    }

    /// All bits.
    pub(crate) fn value(self) -> u64 {
        let mut bits = self.0;
        bits = (bits ^ (bits >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        bits = (bits ^ (bits >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        bits ^ (bits >> 33)
    }

    /// From 0 up to 1.
    pub(crate) fn share(self) -> f64 {
        let high = u32::try_from(self.value() >> 32).unwrap_or(u32::MAX);
        f64::from(high) / (f64::from(u32::MAX) + 1.0)
    }
}
