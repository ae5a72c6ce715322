//! The hand-made sample: small enough for a pencil, with a trap in every row. Each metric's `proof` is its value here.
//!
//! As-of is Wednesday 2026-03-25 12:00 UTC, the last change of K1. Targets: e-mail 8 h, SMS 15 min, phone 20 s.
//! A4 goes on with A3; H1 stands in a source that knows no lost contact; X1 and X2 are no contacts.

use crate::desk::Desk;
use crate::facts::Facts;
use crate::facts::told;
use crate::interaction::TableKind;
use crate::measure::{measure, only};
use crate::metrics::{METRICS, Span};
use crate::period::{Grain, Period};
use crate::settings::Settings;
use crate::zone::{Zone, day_number};
use crate::{asof, fold, identity, input, run};
use std::path::Path;

const INTERACTIONS: &str = "\
source,interaction_id,channel,direction,customer_email,customer_phone,started_at,first_response_at,resolved_at,ended_at,updated_at,status,outcome,wait,talk,replies,reopens,topic,priority,vendor_first_response,csat,csat_scale,transfers,cost,qa
desk,A1,email,inbound,ann@example.com,,2026-03-02T09:00:00Z,2026-03-02T10:00:00Z,2026-03-02T12:00:00Z,,,resolved,,,,1,0,billing,,,5,5,,4.5,80
desk,A2,email,inbound,ann@example.com,,2026-03-05T09:00:00Z,2026-03-05T15:00:00Z,2026-03-06T09:00:00Z,,,resolved,,,,1,1,returns,,,2,5,,,
desk,A3,phone,inbound,ann@example.com,,2026-03-05T16:00:00Z,,,2026-03-05T16:06:00Z,,,answered,15,300,,,returns,,,,,1,,
desk,A4,phone,inbound,ann@example.com,,2026-03-05T16:20:00Z,,,2026-03-05T16:22:00Z,,,answered,20,60,,,returns,,,,,0,,
desk,B1,email,inbound,bob@example.com,,2026-03-02T10:00:00Z,2026-03-02T13:00:00Z,2026-03-03T10:00:00Z,,,resolved,,,,2,,billing,,,,,,,90
desk,B2,phone,inbound,bob@example.com,,2026-03-12T10:00:00Z,,,,,,abandoned,40,,,,,,,,,,,
desk,B3,phone,inbound,bob@example.com,,2026-03-12T10:05:00Z,,,2026-03-12T10:09:00Z,,,answered,65,120,,,billing,,,,,,,
desk,C1,email,inbound,cat@example.com,,2026-03-24T12:00:00Z,,,,,open,,,,0,,billing,urgent,,,,,,
desk,D1,web_form,inbound,dan@example.com,,2026-03-10T10:00:00Z,,2026-03-11T10:00:00Z,,,closed,,,,0,,,,,,,,,
desk,E1,sms,inbound,,+447700900123,2026-03-11T08:00:00Z,2026-03-11T08:10:00Z,,,,,,,,,,,,,,,,,
desk,F1,email,inbound,fay@example.com,,2026-03-11T12:00:00Z,,,,,pending,,,,1,,,,7200,,,,,
desk,G1,chat,inbound,gus@example.com,,2026-03-13T09:00:00Z,2026-03-13T09:02:00Z,2026-03-13T09:30:00Z,,,closed,answered,,,3,,delivery,,,4,5,,,
desk,G2,chat,inbound,gus@example.com,,2026-03-14T09:00:00Z,,,,,,abandoned,30,,,,,,,,,,,
shop,H1,in_person,inbound,,,2026-03-16T11:00:00Z,,,,,,answered,300,,,,,,,,,,,
desk,I1,phone,inbound,,,2026-03-17T09:00:00Z,,,,,,answered,,90,,,,,,,,,,
desk,J1,email,inbound,ivy@example.com,,2026-03-20T09:00:00Z,2026-03-20T09:30:00Z,2026-03-20T10:00:00Z,,,resolved,,,,1,0,,,,,,,,
desk,K1,email,inbound,kim@example.com,,2026-03-25T09:00:00Z,2026-03-25T09:10:00Z,,,2026-03-25T12:00:00Z,open,,,,1,,,,,,,,,
desk,X1,email,inbound,win@example.net,,2026-03-18T09:00:00Z,,,,,spam,,,,,,,,,,,,,
desk,X2,email,outbound,ann@example.com,,2026-03-06T09:00:00Z,,,,,closed,,,,,,,,,,,,,
";

/// A2 was solved, reopened and solved again, a bot replied first; K1 waits for a second reply.
const EVENTS: &str = "\
interaction_id,at,kind,actor_kind
A2,2026-03-05T09:00:00Z,message_in,
A2,2026-03-05T09:01:00Z,message_out,bot
A2,2026-03-05T15:00:00Z,message_out,human
A2,2026-03-05T15:30:00Z,resolved,
A2,2026-03-05T20:00:00Z,message_in,
A2,2026-03-05T20:00:00Z,reopened,
A2,2026-03-06T08:00:00Z,message_out,human
A2,2026-03-06T09:00:00Z,resolved,
A2,2026-03-06T09:00:00Z,closed,
K1,2026-03-25T09:00:00Z,message_in,
K1,2026-03-25T09:10:00Z,message_out,human
K1,2026-03-25T11:00:00Z,message_in,
";

/// N1 to N4: what bots did. After N1 a human handled K1, 71 hours later; N2 came to a human at once; N3 begins a journey
/// 73 hours after D1; N4 is too recent. Of Y1 and Y2, which the company began, only dan is known.
const BOTS_AND_OUTREACH: &str = "\
source,interaction_id,channel,direction,customer_email,started_at,status,replies,bot
desk,N1,bot,inbound,kim@example.com,2026-03-22T10:00:00Z,,,true
desk,N2,bot,inbound,,2026-03-18T09:00:00Z,,1,
desk,N3,bot,inbound,dan@example.com,2026-03-13T11:00:00Z,,,true
desk,N4,bot,inbound,cat@example.com,2026-03-24T13:00:00Z,,,true
desk,Y1,email,outbound,dan@example.com,2026-03-24T09:00:00Z,closed,,
desk,Y2,email,outbound,,2026-03-24T10:00:00Z,closed,,
";

/// Retention: the last midnight that both reach is 03-25, so X is 2025-12-25; kept are ann and bob of ann, bob, cat.
/// Survival: ann, of the first month, may not be new; bob stays 134 days and on, cat left after 90, gus is new, and dan came on the last day.
const ORDERS: &str = "\
order_id,customer_email,ordered_at,amount,refunded
1,ann@example.com,2025-09-20T10:00:00Z,10,
2,ann@example.com,2025-10-10T10:00:00Z,10,
3,bob@example.com,2025-11-11T10:00:00Z,10,
4,cat@example.com,2025-12-01T10:00:00Z,10,4
5,bob@example.com,2026-01-15T10:00:00Z,10,
6,ann@example.com,2026-02-01T10:00:00Z,10,
7,gus@example.com,2026-03-01T10:00:00Z,10,
8,dan@example.com,2026-03-25T08:00:00Z,10,
";

/// One rating has no scale; ann's second answer to the NPS question counts; bob's scale of effort is turned round, and
/// nobody says which way cat's goes; dan has not answered.
const SURVEYS: &str = "\
survey_id,customer_email,kind,sent_at,answered_at,score,scale,high_is_easy
1,ann@example.com,csat,2026-03-15T09:00:00Z,2026-03-15T10:00:00Z,5,5,
2,bob@example.com,csat,2026-03-15T09:00:00Z,2026-03-15T10:00:00Z,7,,
3,ann@example.com,nps,,2026-03-10T10:00:00Z,2,,
4,ann@example.com,nps,,2026-03-15T10:00:00Z,10,,
5,bob@example.com,nps,,2026-03-15T11:00:00Z,3,,
6,cat@example.com,nps,,2026-03-15T12:00:00Z,8,,
7,dan@example.com,nps,,2026-03-15T13:00:00Z,9,,
8,ann@example.com,ces,,2026-03-15T10:00:00Z,6,7,true
9,bob@example.com,ces,,2026-03-15T10:00:00Z,2,5,false
10,cat@example.com,ces,,2026-03-15T10:00:00Z,3,7,
11,dan@example.com,csat,2026-03-15T09:00:00Z,,,,
";

const SETTINGS: &str = "\
time_zone = 'UTC'
targets.response = [
  { channel = 'email', within = '8h' },
  { channel = 'sms', within = '15min' },
  { channel = 'phone', within = '20s' },
]
targets.resolution = [{ channel = 'email', within = '24h' }]
costs.email.contact = 6
costs.phone.minute = 1.2
[[hours]]
name = 'Office'
weekdays = ['09:00-17:00']
";

fn sample() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let more =
        [("events.csv", EVENTS), ("orders.csv", ORDERS), ("surveys.csv", SURVEYS), ("more.csv", BOTS_AND_OUTREACH)];
    for (name, text) in [("interactions.csv", INTERACTIONS)].into_iter().chain(more) {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let desk = desk(folder.path(), toml::from_str(SETTINGS).unwrap());
    assert_eq!(desk.facts.impossible, []);
    desk
}

/// A folder of exports, read and understood.
pub fn desk(folder: &Path, settings: Settings) -> Desk {
    let options = input::Options::new(&settings, &[]);
    let mut inputs = input::read(&[folder.to_string_lossy().into_owned()], &options).unwrap();
    fold::fold(&mut inputs, &settings);
    let as_of = asof::settle(&mut inputs, None).unwrap();
    let history = told::history(&mut inputs.tables, &settings, as_of);
    let (mut identity, _) = identity::join(&inputs.tables, &settings).unwrap();
    let zone = Zone::named(settings.time_zone.as_deref().unwrap()).unwrap();
    let contacts = &inputs.tables[TableKind::Interactions as usize];
    let facts = Facts::of_rows(contacts, history, &settings, &zone, as_of);
    run::desk((&mut inputs, &mut identity), (facts, None), (settings, zone, as_of), (false, &[])).unwrap()
}

#[test]
fn every_metric_comes_to_its_proof() {
    let desk = sample();
    let mut wrong = Vec::new();
    for metric in METRICS.iter() {
        // Looks at the period before need a period: ISO week 11, 9 to 15 March.
        let week = Period::of(Grain::Week, day_number(jiff::civil::date(2026, 3, 9)));
        let window = match metric.population.span {
            Span::Before => desk.timeline.window(week, 0),
            Span::Own => desk.timeline.everything(),
        };
        let measured = measure(&desk, metric, &[], &window).unwrap();
        let values = only(&measured).unwrap_or_else(|| panic!("{} has no value", metric.id));
        for (suffix, expected) in metric.proof {
            let at = metric.outputs.iter().position(|o| o.suffix == *suffix).unwrap();
            if (values[at] - expected).abs() > 1e-9 * expected.abs().max(1.0) || values[at].is_nan() {
                wrong.push(format!("{}_{suffix}: {} instead of {expected}", metric.id, values[at]));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}
