//! Framing: every form that vendors use, and whatever else may come.

use super::framing::*;
use super::framing_by_serde;
use proptest::prelude::*;
use std::ops::{ControlFlow, Range};

fn records(text: &str, key: Option<&str>) -> Result<Vec<String>, usize> {
    let mut found = Vec::new();
    let done = read(text, key, &mut |frame| {
        found.push(match frame {
            Frame::Record(raw) => raw.to_owned(),
            Frame::Broken(raw) => format!("broken {raw}"),
        });
        ControlFlow::Continue(())
    });
    done.map(|()| found).map_err(|invalid| invalid.byte)
}

#[test]
fn every_frame_that_vendors_use() {
    let two = Ok(vec![r#"{"a":1}"#.to_owned(), r#"{"a":2}"#.to_owned()]);
    for (text, key) in [
        (r#"[{"a":1}, {"a":2}]"#, None),
        (r#" {"count": 2, "Tickets": [{"a":1},{"a":2}], "next": null}"#, Some("tickets")),
        (r#"{"_embedded": {"x": [], "list": [{"a":1},{"a":2}]}}"#, Some("_embedded.list")),
        ("{\"t\":[{\"a\":1}]}\n{\"t\":[{\"a\":2}]}\n", Some("t")),
        ("{\"a\":1}\r\n\r\n{\"a\":2}\r\n", None),
        ("{\"a\":1}\n{\"a\":2}", Some("tickets")),
        (r#"{"a":1}{"a":2}"#, None),
        (r#"{"a":1},{"a":2}"#, None),
        (r#"[{"a":1},{"a":2}]"#, Some("tickets")),
        ("[\n{\"a\":1},\n{\"a\":2}\n]\n", None),
        ("{\"tickets\": [\n{\"a\":1},\n{\"a\":2}\n], \"count\": 2}\n", Some("tickets")),
    ] {
        assert_eq!(records(text, key), two, "{text}");
    }
    assert_eq!(records("{\n \"a\": 1\n}\n{\n \"a\": 2\n}", None).map(|r| r.len()), Ok(2));
    assert_eq!(records("[]", None), Ok(vec![]));
    assert_eq!(records(r#"[1, "x"]"#, None).map(|r| r.len()), Ok(2));
}

/// The records of another array in a text whose own records are under `t`.
fn beside(text: &str, key: &str) -> Option<Vec<String>> {
    let form = Framer::new(text, Some("t")).form().beside(key)?;
    let (mut frames, mut found) = (Vec::new(), Vec::new());
    let done = Framer::of(form.clone()).frames(text, true, &mut frames).unwrap();
    form.take(&text[..done], &frames, &mut |frame| {
        found.push(frame.raw().to_owned());
        Ok(())
    })
    .unwrap();
    Some(found)
}

#[test]
fn several_arrays_stand_in_one_text() {
    let two = Some(vec![r#"{"a":1}"#.to_owned(), r#"{"a":2}"#.to_owned()]);
    for text in [
        r#"{"t": [{"b":1}], "u": [{"a":1},{"a":2}], "next": null}"#,
        r#"{"u": [{"a":1}], "t": [{"u":[3]}, [4]], "o": {"u": [5]}}{"t": []}{"u": [{"a":2}]}[{"b": 1}]"#,
        "{\"t\":[{\"b\":1}],\"u\":[{\"a\":1}]}\n{\"b\":\n{\"b\":2}\n{\"u\":[{\"a\":2}]}\n",
    ] {
        assert_eq!(beside(text, "u"), two, "{text}");
        assert_eq!(beside(text, "v"), Some(vec![]), "{text}");
    }
    assert_eq!(beside(r#"[{"u": [{"a":1}]}]"#, "u"), None);
    assert_eq!(beside("{\"b\":1}\n{\"b\":2}\n", "u"), None);
}

#[test]
fn a_broken_line_is_lost_alone_and_a_broken_array_is_an_error() {
    assert_eq!(
        records("{\"a\":1}\n{\"a\":\n{\"a\":2}\n", None),
        Ok(vec!["{\"a\":1}".into(), "broken {\"a\":".into(), "{\"a\":2}".into()])
    );
    assert_eq!(records(r#"[{"a":1}, {"a" 2}]"#, None), Err(15));
    assert_eq!(records(r#"[{"a":1}"#, None), Err(8));
    assert_eq!(records("{\"t\":[{\"a\":1}]}\n{\"t\":[{\"a\":x}]}\n", Some("t")), Err(27));
    assert!(records("[{\"a\":1},]", None).is_err() && records("[,]", None).is_err());
}

#[test]
fn a_wrapping_key_may_be_spelt_with_an_escape() {
    let text = "{\"\\u0061\":[]}\r\n \nnull\n";
    let pages = found(|text, each| read(text, Some("a"), each), text);
    assert_eq!(pages, found(|text, each| framing_by_serde::read(text, Some("a"), each), text));
    assert_eq!(pages, (vec!["17 Broken(\"null\")".to_owned()], Ok(())));
}

#[test]
fn deep_nesting_does_not_overflow() {
    let deep = "[".repeat(200_000);
    assert!(records(&format!("[{deep}"), None).is_err());
    assert!(records(&format!("{{\"a\":{deep}"), None).is_err());
}

#[test]
fn what_never_ends_is_found_before_all_of_it_is_held() {
    let text = format!("[{{\"a\":1{}", ",{\"b\":\"x\"}".repeat(1_000_000));
    let mut framer = Framer::new(&text[..1_000], None);
    let mut begun = 0;
    let held = (1..100).find_map(|block| {
        let end = block << 16;
        framer.frames(&text[begun..end], false, &mut Vec::new()).map(|done| begun += done).err().map(|_| end - begun)
    });
    assert!(held.is_some_and(|held| held < 2 << 20), "{held:?}");
}

type Found = (Vec<String>, Result<(), usize>);

/// What is found up to where it stops being JSON.
fn found(
    read: impl for<'t> Fn(&'t str, &mut dyn FnMut(Frame<'t>) -> ControlFlow<()>) -> Result<(), Invalid>,
    text: &str,
) -> Found {
    let mut all = Vec::new();
    let done = read(text, &mut |frame| {
        all.push(format!("{} {frame:?}", frame.raw().as_ptr() as usize - text.as_ptr() as usize));
        ControlFlow::Continue(())
    });
    (all, done.map_err(|invalid| invalid.byte))
}

/// What is found if the text arrives in blocks of these lengths, over and over.
fn found_in_blocks(mut framer: Framer, text: &str, lengths: &[usize]) -> Found {
    let (mut at, mut end, mut all) = (0, 0, Vec::new());
    for length in lengths.iter().cycle() {
        end = text.ceil_char_boundary(end + length);
        let mut frames: Vec<Range<usize>> = Vec::new();
        let cut = framer.frames(&text[at..end], end == text.len(), &mut frames);
        let next = cut.map_or(end, |done| at + done);
        let taken = framer.form().take(&text[at..next], &frames, &mut |frame| {
            match frame {
                Frame::Record(raw) if serde_json::from_str::<serde::de::IgnoredAny>(raw).is_err() => {
                    return Err(Halt::Invalid(Invalid::of(raw)));
                }
                _ => all.push(format!("{} {frame:?}", frame.raw().as_ptr() as usize - text.as_ptr() as usize)),
            }
            Ok(())
        });
        match (taken, cut) {
            (Err(Halt::Invalid(Invalid { byte })), _) | (_, Err(Invalid { byte })) => return (all, Err(at + byte)),
            _ => at = next,
        }
        if end == text.len() {
            break;
        }
    }
    (all, Ok(()))
}

/// Something like JSON of a few levels.
fn value() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        Just("null"),
        Just("1"),
        Just("-0.5e3"),
        Just("\"x\""),
        Just("\"}]\\\"{\""),
        Just("\"é\\u00e9\\\\\""),
        Just("01"),
        Just("tru")
    ];
    let space = prop_oneof![4 => Just(""), 1 => Just(" "), 1 => Just("\n")];
    let key = prop_oneof![Just("a"), Just("B"), Just("b"), Just("c.d"), Just("\\u0061")];
    scalar.prop_map(str::to_owned).prop_recursive(4, 30, 4, move |inner| {
        let member = (key.clone(), space.clone(), inner.clone())
            .prop_map(|(key, space, value)| format!("\"{key}\":{space}{value}"));
        let object = proptest::collection::vec(member, 0..4).prop_map(|members| format!("{{{}}}", members.join(",")));
        let array = proptest::collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(" ,")));
        prop_oneof![3 => object, 1 => array]
    })
}

/// Several values, and a fault here and there.
fn text() -> impl Strategy<Value = String> {
    let between = prop_oneof![3 => Just("\n"), 1 => Just(""), 1 => Just(","), 1 => Just("\r\n \n"), 1 => Just(" x")];
    let values = proptest::collection::vec((value(), between), 0..6);
    let values =
        values.prop_map(|values| values.into_iter().map(|(value, between)| value + between).collect::<String>());
    let fault =
        prop_oneof![2 => Just(None), 1 => (any::<prop::sample::Index>(), "[\\[\\]{}:,\"\\\\1 \n\t]?").prop_map(Some)];
    (values, fault).prop_map(|(mut text, fault)| {
        if let Some((at, byte)) = fault {
            let at = text.floor_char_boundary(at.index(text.len() + 1));
            let end = text.ceil_char_boundary((at + 1).min(text.len()));
            text.replace_range(at..end, &byte);
        }
        text
    })
}

fn soup() -> impl Strategy<Value = String> {
    prop_oneof![text(), "[\\[\\]{}:,\"a1 \n\\\\]{0,60}", "\\PC{0,40}"]
}

fn keys() -> impl Strategy<Value = Option<&'static str>> {
    prop_oneof![Just(None), Just(Some("a")), Just(Some("b.a")), Just(Some("a.b.a"))]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn records_are_those_that_reading_finds(text in soup(), key in keys()) {
        let old = found(|text, each| framing_by_serde::read(text, key, each), &text);
        prop_assert_eq!(found(|text, each| read(text, key, each), &text), old);
    }

    #[test]
    fn blocks_of_any_length_make_no_difference(
        text in soup(), key in keys(), lengths in proptest::collection::vec(1..40usize, 1..5)
    ) {
        let forms = [Some(Framer::new(&text, key).form().clone()), Framer::new(&text, key).form().beside("b")];
        for form in forms.into_iter().flatten() {
            let found = |lengths: &[usize]| found_in_blocks(Framer::of(form.clone()), &text, lengths);
            prop_assert_eq!(found(&lengths), found(&[text.len()]));
        }
    }
}
