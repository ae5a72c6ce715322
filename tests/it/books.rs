//! Workbooks read back: what a sheet holds, cell by cell, by nothing of the program's own.

use flate2::read::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchive};
use roxmltree::{Document, Node};
use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    Text(String),
    Number(f64),
    Flag(bool),
}

/// Cells by row and column, from 0.
#[derive(Debug, Default)]
pub struct Sheet(pub BTreeMap<(usize, usize), Held>);

/// Sheets by name, in their order.
pub struct Book {
    pub sheets: Vec<(String, Sheet)>,
    /// The members of the file, unpacked.
    pub parts: BTreeMap<String, String>,
}

impl Book {
    pub fn read(path: &Path) -> Self {
        let parts = unpacked(&std::fs::read(path).unwrap());
        let texts = |xml: &String| {
            let document = Document::parse(xml).unwrap();
            document.descendants().filter(|node| is(node, "si")).map(said).collect::<Vec<_>>()
        };
        let shared = parts.get("xl/sharedStrings.xml").map(texts).unwrap_or_default();
        let workbook = Document::parse(&parts["xl/workbook.xml"]).unwrap();
        let names = workbook.descendants().filter(|node| is(node, "sheet")).map(|node| node.attribute("name").unwrap());
        let named = |(nth, name): (usize, &str)| {
            (name.to_owned(), sheet(&parts[&format!("xl/worksheets/sheet{}.xml", nth + 1)], &shared))
        };
        let sheets = names.enumerate().map(named).collect();
        Self { sheets, parts }
    }

    pub fn sheet(&self, name: &str) -> &Sheet {
        let found = self.sheets.iter().find(|(own, _)| own == name);
        let names: Vec<&String> = self.sheets.iter().map(|(name, _)| name).collect();
        &found.unwrap_or_else(|| panic!("no sheet {name} among {names:?}")).1
    }
}

impl Sheet {
    pub fn text(&self, row: usize, column: usize) -> &str {
        match self.0.get(&(row, column)) {
            Some(Held::Text(text)) => text,
            _ => "",
        }
    }

    pub fn number(&self, row: usize, column: usize) -> Option<f64> {
        match self.0.get(&(row, column)) {
            Some(Held::Number(number)) => Some(*number),
            _ => None,
        }
    }

    /// The place of a head in the first row.
    pub fn column(&self, head: &str) -> usize {
        let found = self.0.iter().find(|((row, _), held)| *row == 0 && **held == Held::Text(head.to_owned()));
        found.unwrap_or_else(|| panic!("no column {head}")).0.1
    }

    /// How many rows there are, up to the first that is blank.
    pub fn rows(&self) -> usize {
        (0..).find(|row| self.0.range((*row, 0)..(*row + 1, 0)).next().is_none()).unwrap()
    }
}

fn unpacked(bytes: &[u8]) -> BTreeMap<String, String> {
    let archive = ZipArchive::from_slice(bytes).unwrap();
    let mut parts = BTreeMap::new();
    for entry in archive.entries() {
        let entry = entry.unwrap();
        let name = String::from_utf8(entry.file_path().as_bytes().to_vec()).unwrap();
        let data = archive.get_entry(entry.wayfinder()).unwrap().data().to_vec();
        let mut text = String::new();
        match entry.compression_method() {
            CompressionMethod::STORE => text = String::from_utf8(data).unwrap(),
            _ => drop(DeflateDecoder::new(data.as_slice()).read_to_string(&mut text).unwrap()),
        }
        parts.insert(name, text);
    }
    parts
}

fn is(node: &Node, name: &str) -> bool {
    node.tag_name().name() == name
}

/// All that the texts in an element say.
fn said(node: Node) -> String {
    node.descendants().filter(|inner| is(inner, "t")).filter_map(|inner| inner.text()).collect()
}

/// `B2` as row 1 and column 1.
pub fn place(name: &str) -> (usize, usize) {
    let letters = name.find(|c: char| c.is_ascii_digit()).unwrap();
    let column = name[..letters].bytes().fold(0, |column, letter| column * 26 + usize::from(letter - b'A') + 1);
    (name[letters..].parse::<usize>().unwrap() - 1, column - 1)
}

fn sheet(xml: &str, shared: &[String]) -> Sheet {
    let document = Document::parse(xml).unwrap();
    let mut sheet = Sheet::default();
    for cell in document.descendants().filter(|node| is(node, "c")) {
        let child = |name: &str| cell.children().find(|node| is(node, name));
        let value = child("v").and_then(|value| value.text()).unwrap_or_default();
        let at = place(cell.attribute("r").unwrap());
        assert!(child("f").is_none(), "{at:?} is a formula");
        let held = match cell.attribute("t") {
            Some("s") => Held::Text(shared[value.parse::<usize>().unwrap()].clone()),
            Some("inlineStr") => Held::Text(said(cell)),
            Some("b") => Held::Flag(value == "1"),
            _ if value.is_empty() => continue,
            _ => Held::Number(value.parse().unwrap()),
        };
        sheet.0.insert(at, held);
    }
    sheet
}
