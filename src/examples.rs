//! What stands under the help of each command: lines that can be run as they are, where `exports/` holds exports.
//!
//! A new command has its examples here; a test runs them all.

pub const REPORT: &str = "\
Examples:
  deskstat report exports/
  deskstat report exports/ --period 2026-10 --compare year-ago
  deskstat report exports/ --only response,agents -o {period}.json
  deskstat report exports/ --quiet --fail-if 'response_sla<50%' --fail-if 'frt_p50>9h if unusual'";

pub const TABLE: &str = "\
Examples:
  deskstat table exports/ --by channel,week --metrics contacts,frt_p50
  deskstat table exports/ --by team --metrics contacts,frt,csat --sort -contacts --limit 3
  deskstat table exports/ --where 'wait>=2min' --where channel=phone --metrics service_level
  deskstat table exports/ --metrics service_level --compare-formulas";

pub const WHY: &str = "\
Examples:
  deskstat why frt_p50 exports/
  deskstat why contacts exports/ --by channel,topic --period last-4-weeks";

pub const INTERACTIONS: &str = "\
Examples:
  deskstat interactions exports/ -o joined.csv
  deskstat interactions exports/ --where status=open,pending -f ndjson";

pub const CUSTOMERS: &str = "\
Examples:
  deskstat customers exports/ -o customers.csv
  deskstat customers exports/ --explain mira.okafor@example.com";

pub const CHECK: &str = "\
Examples:
  deskstat check exports/
  deskstat check exports/ --rejects bad.csv -f json";

pub const INIT: &str = "\
Examples:
  deskstat init exports/
  deskstat init -o examples.toml";

pub const PROFILE: &str = "\
Examples:
  deskstat profile exports/shop-visits.csv --anyway -o visits.toml
  deskstat profile --like zendesk-tickets";

pub const LIST: &str = "\
Examples:
  deskstat list metrics
  deskstat list profiles -f csv";

pub const EXPLAIN: &str = "\
Examples:
  deskstat explain frt
  deskstat explain repeat_rate
  deskstat explain customer_email";

pub const GENERATE: &str = "\
Examples:
  deskstat generate completions bash
  deskstat generate man report";
