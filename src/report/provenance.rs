//! Where the numbers come from: two reports that differ differ in this too. How formats say it is `output/provenance.rs`.

use sha2::{Digest, Sha256};

/// Where the numbers come from: goes with every report.
#[derive(Debug, Clone, Default)]
pub struct Provenance {
    /// Period as the machine formats name it: `2026-W46`.
    pub period: String,
    /// The period that it is compared with; empty where there is none.
    pub compared: String,
    /// The instant at which state is judged, RFC 3339 in UTC.
    pub as_of: String,
    pub zone: String,
    /// SHA-256 of all definitions that this program prints.
    pub definitions: String,
    /// SHA-256 of the settings in force with the file of aliases, and the file that they come from.
    pub settings: String,
    pub settings_file: String,
    /// What was typed besides, as far as it moves figures: `--where channel=email`.
    pub options: Vec<String>,
    pub inputs: Vec<InputUsed>,
}

/// One input file.
#[derive(Debug, Clone)]
pub struct InputUsed {
    pub file: String,
    pub profile: String,
    /// Of a profile that did not come with the program.
    pub profile_sha256: Option<String>,
    pub rows: u64,
    pub sha256: String,
}

impl Provenance {
    /// Whether anything was read: what the program says of itself comes from nowhere else.
    pub fn is_of_data(&self) -> bool {
        !self.inputs.is_empty()
    }

    /// SHA-256 of all inputs together, in their order.
    pub fn inputs_sha256(&self) -> String {
        let mut all = Sha256::new();
        for input in &self.inputs {
            all.update(format!("{}\0{}\0", input.sha256, input.profile));
            all.update(input.profile_sha256.as_deref().unwrap_or_default());
        }
        crate::input::hex(&all.finalize())
    }
}
