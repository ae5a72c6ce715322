//! The committed sample data are what the generator writes.

use crate::desk::root;
use crate::retailer;
use flate2::read::MultiGzDecoder;
use std::io::Read;
use std::path::Path;

/// A file's bytes; of a compressed one, those inside: the compressor may change, the data may not.
fn content(path: &Path) -> Vec<u8> {
    let bytes = std::fs::read(path).unwrap();
    if path.extension().is_none_or(|extension| extension != "gz") {
        return bytes;
    }
    let mut out = Vec::new();
    MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut out).unwrap();
    out
}

#[test]
fn the_committed_files_are_what_the_generator_writes() {
    let folder = tempfile::tempdir().unwrap();
    retailer::write(folder.path(), &retailer::Size::default()).unwrap();
    let mut names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names.len(), 10, "{names:?}");
    for name in names {
        let (written, committed) =
            (content(&folder.path().join(&name)), content(&root().join("sample-data").join(&name)));
        assert!(written == committed, "{name:?} is not what the generator writes: run `make sample-data`");
    }
}

#[test]
fn the_folder_is_small() {
    let size: u64 =
        std::fs::read_dir(root().join("sample-data")).unwrap().map(|e| e.unwrap().metadata().unwrap().len()).sum();
    assert!(size < 5_000_000, "{size} bytes");
}
