//! How cells look: one accent, quiet rules, numbers by their unit, marks of change after the digits.
//!
//! A mark is part of the number's format, so that the cell stays a number. A new unit is one arm of `base`.

use crate::output::marks::{Mark, Tone};
use crate::report::Unit;
use crate::report::text;
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Worksheet};

pub const ACCENT: Color = Color::RGB(0x1F_5A7A);
pub const QUIET: Color = Color::RGB(0x6B_7280);
pub const RULE: Color = Color::RGB(0xC9_CFD6);
pub const GRID: Color = Color::RGB(0xE8_EBEE);
/// Grounds of a matrix, from nothing to its highest value.
pub const FAINT: Color = Color::RGB(0xFF_FFFF);
pub const FULL: Color = Color::RGB(0x8F_BCD1);
const TEXT: Color = Color::RGB(0x1F_2933);
pub const GOOD: Color = Color::RGB(0x1B_6E45);
pub const BAD: Color = Color::RGB(0xA6_2B1F);

/// What a bar is filled with that says how a change is to be taken.
pub fn toned(tone: Tone) -> Color {
    match tone {
        Tone::Good => GOOD,
        Tone::Bad => BAD,
        Tone::Plain | Tone::Quiet => ACCENT,
    }
}

/// Lines of a chart, apart in hue and in lightness.
pub const LINES: [Color; 8] = [
    ACCENT,
    Color::RGB(0xD0_7A2D),
    Color::RGB(0x5F_9E6E),
    Color::RGB(0x8C_6BB1),
    Color::RGB(0xB8_4A62),
    Color::RGB(0x58_A6C4),
    Color::RGB(0x9A_8A4F),
    Color::RGB(0x8A_9199),
];

/// Of a cell in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Weight {
    #[default]
    Plain,
    /// Beside the figure that counts.
    Quiet,
    /// The figure that counts.
    Strong,
    /// In the line of the total.
    Total,
}

/// The formats of texts.
pub struct Looks {
    pub title: Format,
    pub subtitle: Format,
    pub sentence: Format,
    pub note: Format,
    pub heading: Format,
    /// Heads of columns: of names, of figures.
    pub head: Format,
    pub head_right: Format,
    pub name: Format,
    pub indented: Format,
    pub total: Format,
    pub wrapped: Format,
}

impl Default for Looks {
    fn default() -> Self {
        let text = Format::new().set_font_color(TEXT);
        let head = Format::new()
            .set_bold()
            .set_font_size(10)
            .set_font_color(QUIET)
            .set_border_bottom(FormatBorder::Thin)
            .set_border_bottom_color(QUIET)
            .set_align(FormatAlign::Bottom)
            .set_text_wrap();
        let sentence = text.clone().set_text_wrap().set_align(FormatAlign::Top).set_align(FormatAlign::Left);
        Self {
            title: Format::new().set_bold().set_font_size(18).set_font_color(ACCENT),
            subtitle: Format::new().set_font_color(QUIET),
            note: sentence.clone().set_font_color(QUIET).set_font_size(10),
            sentence,
            heading: text.clone().set_bold().set_font_size(12),
            // Above the digits, and apart from the next.
            head_right: head.clone().set_align(FormatAlign::Right).set_indent(1),
            head,
            indented: text.clone().set_indent(1),
            total: ruled(text.clone().set_bold()),
            wrapped: text.clone().set_text_wrap().set_align(FormatAlign::Top),
            name: text,
        }
    }
}

impl Looks {
    /// A number of this unit, with the mark that stands after it.
    pub fn figure(&self, number: &str, (mark, ink): Mark, weight: Weight) -> Format {
        let after = if mark.is_empty() { "_ _▲".to_owned() } else { format!("\" {mark}\"") };
        let color = match (ink, weight) {
            (Tone::Good, _) => GOOD,
            (Tone::Bad, _) => BAD,
            (_, Weight::Quiet) => QUIET,
            _ => TEXT,
        };
        let parts: Vec<String> = number.split(';').map(|part| format!("{part}{after}")).collect();
        let format = Format::new().set_num_format(parts.join(";")).set_font_color(color).set_align(FormatAlign::Right);
        match weight {
            Weight::Strong => format.set_bold(),
            Weight::Total => ruled(format.set_bold()),
            Weight::Plain | Weight::Quiet => format,
        }
    }

    /// A number of this unit and nothing else.
    pub fn number(&self, number: &str) -> Format {
        Format::new().set_num_format(number).set_font_color(TEXT).set_align(FormatAlign::Top)
    }
}

/// How a sheet is printed: as wide as the paper, with its name and the page at the foot.
pub fn printed(sheet: &mut Worksheet) {
    const A4: u8 = 9;
    sheet.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0);
    sheet.set_footer("&L&9&K6B7280&A&R&9&K6B7280&P of &N");
}

/// Below a rule.
fn ruled(format: Format) -> Format {
    format.set_border_top(FormatBorder::Thin).set_border_top_color(RULE)
}

/// From here on hours say nothing.
const WEEK: f64 = 7.0 * 86_400.0;

/// The number format of a value: as many digits as people are shown. Excel shows no negative times, so these are
/// parts of a day as they are held.
pub fn number_format(value: f64, unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds if value < 0.0 => "0.0000\" d\"",
        Unit::Seconds if value >= WEEK => "0.0\" d\"",
        Unit::Number if value.abs() >= 1_000.0 => "#,##0",
        unit => base(unit),
    }
}

/// The number format of a unit.
pub fn base(unit: Unit) -> &'static str {
    match unit {
        Unit::Text => "@",
        Unit::Count => "#,##0",
        Unit::Share => "0.0 %",
        Unit::Seconds => "[h]:mm:ss",
        Unit::Points => "0.0",
        Unit::Number => "#,##0.0",
        Unit::Ratio => "0.00",
        Unit::Instant => "yyyy-mm-dd hh:mm",
    }
}

/// In a matrix: whole per cents, and durations in whole units of the size that its title names.
pub fn coarse(unit: Unit, most: f64) -> &'static str {
    match unit {
        Unit::Share => "0 %",
        Unit::Seconds => match text::coarse(most).1 {
            "seconds" => "[s]",
            "minutes" => "[m]:ss",
            _ => "[h]:mm",
        },
        unit => base(unit),
    }
}

/// Differences have their sign; those of durations are in minutes, for Excel shows no negative times.
pub fn signed(unit: Unit) -> &'static str {
    match unit {
        Unit::Seconds => "+#,##0.0\" min\";-#,##0.0\" min\";0\" min\"",
        Unit::Share => "+0.0 %;-0.0 %;0.0 %",
        Unit::Count => "+#,##0;-#,##0;0",
        _ => "+#,##0.0;-#,##0.0;0.0",
    }
}
