//! What deskstat writes itself, told by its content: nobody means it who names a folder.
//!
//! A new output that would be taken for an export is one line here.

use super::csv::layout;
use super::header::folded;
use super::json;
use super::json::framing::looks_like_json;
use serde_json::value::RawValue;

/// How our CSV outputs begin: reports, rejects, customers, lists.
const BEGINNINGS: &[&[&str]] = &[
    &["section", "table", "period"],
    &["file", "line", "column", "reason"],
    &["customer", "customer_crm_id", "customer_email"],
    &["metric", "label", "population"],
    &["profile", "title", "kind"],
];
/// Columns that only our own rows have all together; the first one is the first.
const ROWS: &[&str] = &["interaction_id", "source", "file", "line"];
/// What lists of customers have together as JSON.
const CUSTOMERS: &[&str] = &["customer", "customer_crm_id", "channels", "contacts"];

/// Whether it is a report, rejects or a list: nothing to be read at all.
pub fn is_report(text: &str) -> bool {
    let top = text.trim_start();
    let json = top.strip_prefix('{').map(str::trim_start).is_some_and(|rest| {
        rest.starts_with("\"deskstat\"")
            || (rest.starts_with("\"schema\"") && rest.get(..400).unwrap_or(rest).contains("\"deskstat\""))
    });
    let csv = || {
        let names = first_row(text);
        BEGINNINGS.iter().any(|headers| names.len() >= headers.len() && headers.iter().zip(&names).all(|(h, n)| h == n))
    };
    json || has_keys(text, CUSTOMERS) || csv()
}

/// Whether it is what `interactions` prints: it can be read, and repeats the exports that it was made of.
pub fn is_rows(text: &str) -> bool {
    let names = first_row(text);
    let csv =
        names.first().is_some_and(|first| first == ROWS[0]) && ROWS.iter().all(|row| names.iter().any(|n| n == row));
    csv || has_keys(text, ROWS)
}

/// Whether it is an answer of `table` or `list` as JSON. Asked only of what no profile fits: others write so too.
pub fn is_answer(text: &str) -> bool {
    let rest = text.trim_start().strip_prefix('{').and_then(|rest| after_key(rest, "columns"));
    let Some(rest) = rest.and_then(|rest| rest.trim_start().strip_prefix(':')) else { return false };
    let mut values = serde_json::Deserializer::from_str(rest).into_iter::<Vec<String>>();
    let is_list = values.next().is_some_and(|value| value.is_ok());
    let next = rest[values.byte_offset()..].trim_start().strip_prefix(',');
    is_list && next.and_then(|next| after_key(next, "rows")).is_some()
}

/// Whether it is text for people, as our reports to a `.txt` are: no cells, no records.
pub fn is_prose(name: &str, text: &str) -> bool {
    let ruled = |line: &str| line.contains('─') && line.chars().all(|c| matches!(c, '─' | ' '));
    let is_text = name.rsplit_once('.').is_some_and(|(_, ending)| ending.eq_ignore_ascii_case("txt"));
    is_text && !looks_like_json(text) && (text.lines().any(ruled) || !layout::is_table(text))
}

/// The cells of the first line as headers.
fn first_row(text: &str) -> Vec<String> {
    let layouts = layout::candidates(text, &layout::DELIMITERS);
    let first = layouts.iter().filter(|layout| layout.line == 1).max_by_key(|layout| layout.header.names().len());
    first.map_or_else(Vec::new, |layout| layout.header.names().iter().map(|name| folded(name)).collect())
}

/// Whether the first object of a JSON text begins with the first of these keys and has them all.
fn has_keys(text: &str, keys: &[&str]) -> bool {
    let top = text.trim_start();
    let top = top.strip_prefix('[').map_or(top, str::trim_start);
    if top.strip_prefix('{').and_then(|rest| after_key(rest, keys[0])).is_none() {
        return false;
    }
    let first = serde_json::Deserializer::from_str(top).into_iter::<&RawValue>().next().and_then(Result::ok);
    let members = first.map_or_else(Vec::new, |first| json::members(first.get()));
    keys.iter().all(|key| members.iter().any(|(own, _)| own == key))
}

/// What follows a key, if the text begins with it.
fn after_key<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    text.trim_start().strip_prefix('"')?.strip_prefix(key)?.strip_prefix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_rejects_and_customers_are_known() {
        for text in [
            "section,table,period,channel\nx,y,z,email\n",
            "{\"schema\": 1, \"deskstat\": {}}",
            "file,line,column,reason,text\n",
            "customer,customer_crm_id,customer_email,customer_external_id\n",
            "profile,title,kind,metrics,evidence,headers\n",
            "{\"customer\":\"1\",\"customer_crm_id\":\"1\",\"channels\":\"\",\"contacts\":1}\n",
        ] {
            assert!(is_report(text), "{text}");
        }
        for text in ["a,b\n1,2\n", "{\"tickets\": []}", "customer_crm_id,customer\n", "{\"customer\":1}", ""] {
            assert!(!is_report(text), "{text}");
        }
    }

    #[test]
    fn our_rows_are_known_by_four_columns() {
        for text in [
            "interaction_id,source,started_at,file,line\n1,a,,b,2\n",
            "interaction_id;source;file;line\n",
            "{\"interaction_id\":\"1\",\"source\":\"a\",\"file\":\"b\",\"line\":2}\n",
            "[\n{\"interaction_id\":\"1\",\"source\":\"a\",\"file\":\"b\",\"line\":2},\n{}]",
        ] {
            assert!(is_rows(text), "{text}");
        }
        for text in
            ["interaction_id,started_at,file\n", "source,interaction_id,file,line\n", "{\"interaction_id\":1}", "[]"]
        {
            assert!(!is_rows(text), "{text}");
        }
    }

    #[test]
    fn answers_of_table_are_known() {
        assert!(is_answer("{\n \"columns\": [\"channel\", \"contacts\"],\n \"rows\": []}"));
        assert!(
            !is_answer("{\"columns\": {}, \"rows\": []}") && !is_answer("{\"columns\": [\"a\"]}") && !is_answer("a,b")
        );
    }

    #[test]
    fn prose_has_neither_cells_nor_records() {
        let report = "All data\n\n  Channel    contacts\n  ───────────────────\n  email  1,002\n  chat  2,003\n";
        assert!(is_prose("a/report.txt", report) && is_prose("x.TXT", "Dear all,\nplease note\nthis.\n"));
        assert!(!is_prose("report.csv", report) && !is_prose("x.txt", "a\tb\n1\t2\n") && !is_prose("x.txt", "[{}]"));
    }
}
