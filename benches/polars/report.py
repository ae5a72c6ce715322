"""The Monday report of `deskstat report FOLDER`, written in Polars.

    python report.py FOLDER OUT.csv

reads the CSV exports of FOLDER as the tools wrote them (Zendesk tickets, Aircall calls, shop visits,
HubSpot contacts, Shopify orders), joins them by customer and writes every figure of the report to
OUT.csv, one line a figure: table, key, column, value. Needs Python 3.11 and `polars` alone.

Instants and durations are whole milliseconds throughout. The file reads from top to bottom as the work
is done: settings, reading, dates, customers, facts, time, figures.
"""

import math
import re
import sys
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
from polars import col, lit, when

# ---------------------------------------------------------------------------------------------------------
# Settings: what deskstat.toml says, and deskstat's defaults.

ZONE = "Europe/London"
COUNTRY_CODE = "44"
OWN_DOMAINS = ["harbourandpine.example"]

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000

# Channel, priority (None: any other), promised first reply. All are written channels.
TARGETS = [("email", "urgent", 4 * HOUR), ("email", None, 8 * HOUR), ("web_form", None, 4 * HOUR)]
ANSWER_WITHIN = 20 * SECOND
REPEAT_WINDOW = 7 * DAY
WATCHED = 7 * DAY  # a resolution is watched for a reopening so long
ACTIVE_DAYS = 90
CALL_CONTINUES = 30 * MINUTE
SHARED_NAMES = 5  # an address under more names is several people's
AVERAGED_WEEKS = 4
SMALLEST_GROUP = 30  # of customers with and without a bad experience

NOBODY = [
    "anonym", "anonymous", "anonymous caller", "blocked", "guest", "n/a", "na", "nan", "nil", "no email", "none",
    "not available", "null", "#n/a", "#name?", "#ref!", "#value!", "private", "private number", "restricted",
    "unavailable", "unbekannt", "undefined", "unknown", "unknown caller", "withheld",
]  # fmt: skip
ROLES = [
    "account", "accounting", "accounts", "accueil", "admin", "administration", "administrator", "anfrage",
    "atendimento", "billing", "bounce", "bounces", "buchhaltung", "contact", "contacto", "contato", "customercare",
    "customerservice", "do-not-reply", "donotreply", "email", "enquiries", "enquiry", "facturation", "finance",
    "hello", "help", "helpdesk", "hostmaster", "info", "inquiries", "inquiry", "invoice", "invoices",
    "klantenservice", "kontakt", "kundenservice", "mail", "mailer-daemon", "newsletter", "no-email", "no-reply",
    "no.reply", "no_reply", "noemail", "nomail", "noreply", "notification", "notifications", "office", "order",
    "orders", "post", "postmaster", "purchasing", "rechnung", "reception", "root", "sales", "secretariat",
    "sekretariat", "service", "services", "soporte", "support", "team", "ventas", "verwaltung", "vertrieb",
    "webmaster", "zentrale",
]  # fmt: skip

# ---------------------------------------------------------------------------------------------------------
# Reading: one lazy frame an export, its rows in the shape that the exports share.

# Each kind of key has a dictionary of its own, so that all frames number its words alike.
KINDS = ["crm", "email", "external", "own", "phone"]
WORDS = {kind: pl.Categorical(pl.Categories(kind)) for kind in [*KINDS, "name", "team", "topic"]}
WORDS["channel"] = pl.Enum(["phone", "in_person", "email", "web_form"])
WORDS["source"] = pl.Enum(["aircall-calls", "shop-visits", "zendesk-tickets"])


def export(*paths: Path, separator: str = ",", line: str | None = None) -> pl.LazyFrame:
    """Rows of CSVs with one header that have as many cells as it, every cell as text; and at which line, if asked."""
    with paths[0].open(encoding="utf-8-sig") as file:
        header = file.readline().rstrip("\r\n").split(separator)
    too_many = "cells beyond the header"
    rows = pl.scan_csv(
        list(paths),
        separator=separator,
        schema=dict.fromkeys([*header, too_many], pl.String),
        truncate_ragged_lines=True,
        missing_columns="insert",
        row_index_name=line,
        row_index_offset=2,
    )
    return rows.filter(col(too_many).is_null())


def local(text: pl.Expr, shape: str) -> pl.Expr:
    """The instant of a local time; missing where there is no such date. Of a repeated hour the first."""
    clock = text.str.to_datetime(shape, time_unit="ms", strict=False)
    return clock.dt.replace_time_zone(ZONE, ambiguous="earliest", non_existent="null").dt.epoch("ms")


def scaled(name: str, unit: int) -> pl.Expr:
    """A whole number of minutes or seconds, in milliseconds."""
    return col(name).cast(pl.Int64, strict=False) * unit


def clock_length(name: str) -> pl.Expr:
    """`00:01:05`, in milliseconds."""
    text = col(name).str.strip_prefix("-")
    part = lambda at: text.str.slice(at, 2).cast(pl.Int64, strict=False)
    length = (part(0) * 60 + part(3)) * 60 + part(6)
    return SECOND * when(col(name).str.starts_with("-")).then(-length).otherwise(length)


def word(kind: str, text: pl.Expr) -> pl.Expr:
    """A key, a name, a group: as a number in its dictionary."""
    return text.cast(WORDS[kind]).alias(kind)


def identifier(kind: str, name: str) -> pl.Expr:
    """A number that a system gives."""
    return word(kind, col(name).str.strip_chars(" '"))


def email(name: str) -> pl.Expr:
    """An address in lower case, without the name before it and the brackets around it."""
    address = pl.coalesce(col(name).str.extract("<([^>]*)>"), name)
    return word("email", address.str.strip_chars(" '").str.to_lowercase())


def person(*names: str) -> pl.Expr:
    """A name in lower case with single blanks."""
    text = pl.concat_str(names, separator=" ").str.to_lowercase()
    return word("name", text.str.strip_chars().str.replace_all(r"\s+", " "))


def phone(*texts: pl.Expr) -> pl.Expr:
    """The digits of a number with its country. What holds letters (`anonymous`, `4.41E+11`) is none."""

    def clean(text: pl.Expr) -> pl.Expr:
        bare = text.str.replace_all(r"[ ()'./-]", "").str.replace("^00", "+")
        return bare.str.replace(r"^(?:0|(\d{7,10})$)", COUNTRY_CODE + "${1}").str.extract(r"^\+?(\d{7,})$")

    return word("phone", pl.coalesce(clean(text) for text in texts))


def tickets(*paths: Path) -> pl.LazyFrame:
    """Zendesk: e-mail and web forms. Replies are known by their minutes only."""
    tags, status = col("Tags").fill_null(""), col("Status")
    over = status.is_in(["Solved", "Closed"])
    return (
        export(*paths)
        .select(
            word("source", lit("zendesk-tickets")),
            col("Id").alias("id"),
            word("channel", when(col("Via").str.starts_with("Mail")).then(lit("email")).otherwise(lit("web_form"))),
            word("team", col("Group")),
            word("topic", when(col("Product area [list]") != "-").then("Product area [list]")),
            col("Priority").str.to_lowercase().alias("priority"),
            when(tags.str.contains("closed_by_merge", literal=True))
            .then(lit("merged"))
            .when(tags.str.contains(r"(^| )spam( |$)"))
            .then(lit("spam"))
            .when(status == "Deleted")
            .then(lit("deleted"))
            .when(over)
            .then(lit("done"))
            .otherwise(lit("open"))
            .alias("status"),
            local(col("Created at"), "%Y-%m-%d %H:%M").alias("at"),
            local(col("Updated at"), "%Y-%m-%d %H:%M").alias("updated_at"),
            local(col("Solved at"), "%Y-%m-%d %H:%M").alias("resolved_at"),
            when(over).then(scaled("Full resolution time in minutes", MINUTE)).alias("vendor_resolution"),
            scaled("First reply time in minutes", MINUTE).alias("vendor_reply"),
            col("Replies").cast(pl.Int32, strict=False).alias("replies"),
            col("Reopens").cast(pl.Int32, strict=False).alias("reopens"),
            when(col("Satisfaction Score").str.starts_with("Good"))
            .then(2)
            .when(col("Satisfaction Score").str.starts_with("Bad"))
            .then(1)
            .alias("csat"),
            email("Requester email"),
            identifier("external", "Requester external id"),
            identifier("own", "Requester id"),
            person("Requester"),
        )
        .filter(col("at").is_not_null())
    )


def calls(path: Path) -> pl.LazyFrame:
    """Aircall: calls in both directions. Who left in the menu never queued for a human."""
    reason, inbound = col("missed_call_reason"), col("direction") == "inbound"
    return (
        export(path)
        .select(
            word("source", lit("aircall-calls")),
            pl.coalesce("call id (internal)", "call id").alias("id"),
            word("channel", lit("phone")),
            word("team", col("team")),
            when(~inbound).then(lit("outbound")).alias("status"),
            when(col("answered") == "Yes")
            .then(lit("answered"))
            .when(col("voicemail").is_not_null())
            .then(lit("missed"))
            .when(reason == "abandoned_in_ivr")
            .then(None)
            .when(reason.str.contains("abandoned", literal=True))
            .then(lit("abandoned"))
            .when(reason.is_not_null() | inbound)
            .then(lit("missed"))
            .alias("outcome"),
            (reason == "abandoned_in_ivr").fill_null(False).alias("bot"),
            col("datetime (utc)").str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="ms", strict=False).dt.epoch("ms").alias("at"),
            pl.coalesce(clock_length("waiting time"), clock_length("time to answer")).alias("wait"),
            scaled("duration (in call)", SECOND).alias("talk"),
            phone(col("customer number"), when(inbound).then("from").otherwise("to")),
        )
        .filter(col("at").is_not_null())
    )  # fmt: skip


def visits(path: Path) -> pl.LazyFrame:
    """Visits to the shops: everybody was served; what is solved there is solved after the wait."""
    minutes = col("Minutes waited").str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    waited = (minutes * MINUTE).round().cast(pl.Int64)
    solved = col("Solved") == "yes"
    return (
        export(path, separator=";", line="line")
        .select(
            word("source", lit("shop-visits")),
            pl.format("shop-visits.csv:{}", "line").alias("id"),
            word("channel", lit("in_person")),
            word("team", col("Shop")),
            word("topic", col("Reason")),
            when(solved).then(lit("done")).when(col("Solved") == "no").then(lit("unresolved")).alias("status"),
            lit("answered").alias("outcome"),
            local(col("Date") + " " + col("Time"), "%d/%m/%Y %H:%M").alias("at"),
            waited.alias("wait"),
            when(solved).then(waited).alias("vendor_resolution"),
            email("E-mail"),
            phone(col("Phone")),
            person("Name"),
        )
        .filter(col("at").is_not_null())
    )


def contacts_of_crm(path: Path) -> pl.LazyFrame:
    """HubSpot: who is known by which address and number."""
    return (
        export(path, separator=";")
        .select(
            identifier("crm", "Record ID"),
            email("Email"),
            phone(col("Phone Number")),
            person("First Name", "Last Name"),
            local(col("Last Activity Date"), "%Y-%m-%d %H:%M").alias("updated_at"),
        )
        .sort("updated_at", maintain_order=True)
        .unique("crm", keep="last", maintain_order=True)
    )


def orders(path: Path) -> pl.LazyFrame:
    """Shopify: a row a line item, made one row an order. A date that cannot be read costs the row."""
    made = col("Created at").str.to_datetime("%Y-%m-%d %H:%M:%S %z", time_unit="ms", strict=False)
    return (
        export(path)
        .select(
            col("Name").alias("id"),
            made.dt.epoch("ms").alias("at"),
            (made.is_null() & col("Created at").is_not_null()).alias("unreadable"),
            email("Email"),
            phone(col("Phone"), col("Billing Phone"), col("Shipping Phone")),
            word("name", pl.coalesce("Billing Name", "Shipping Name").str.to_lowercase()),
        )
        .filter(~col("unreadable"))
        .group_by("id")
        .agg(col("at").min(), col("email", "phone", "name").first(ignore_nulls=True))
    )


def read(folder: Path) -> list[pl.DataFrame]:
    """Interactions, CRM contacts and orders. Of several copies of a record the one updated last counts."""
    ticketed = tickets(*sorted(folder.glob("zendesk-tickets-*.csv")))
    twice = col("id").is_duplicated()
    latest = ticketed.filter(twice).sort("updated_at", maintain_order=True).unique("id", keep="last")
    called = calls(folder / "aircall-calls.csv").filter(col("id").is_first_distinct())
    visited = visits(folder / "shop-visits.csv")
    interactions = pl.concat([called, visited, ticketed.filter(~twice), latest], how="diagonal")
    crm, bought = contacts_of_crm(folder / "hubspot-contacts.csv"), orders(folder / "shopify-orders.csv")
    return pl.collect_all([interactions, crm, bought])


# ---------------------------------------------------------------------------------------------------------
# Dates that are mistyped: a few, a month beyond all the rest.


def isolated_from(latest: pl.Series) -> int | None:
    """The instant from which dates are isolated, if any are. A row has its latest event."""
    few = max(3, math.ceil(len(latest) / 1_000))
    days = (
        (latest.drop_nulls() // DAY).alias("day").value_counts(name="rows").sort("day", descending=True)
        .with_columns(later=col("day").shift(1), beyond=col("rows").cum_sum() - col("rows"))
        .filter(col("later") - col("day") > 30, col("beyond") < few, col("beyond") * 10 <= len(latest))
    )  # fmt: skip
    return None if days.is_empty() else (days["day"].min() + 1) * DAY


def settle_dates(interactions: pl.DataFrame, bought: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """Rows that start at an isolated date go, other such dates are forgotten; and the latest event of the rest."""
    events = ["at", "resolved_at", "updated_at"]
    limit = isolated_from(interactions.select(pl.max_horizontal(events)).to_series())
    if limit is not None:
        kept = [when(col(name) < limit).then(col(name)).alias(name) for name in events]
        interactions = interactions.filter(col("at") < limit).with_columns(kept)
    as_of = interactions.select(pl.max_horizontal(col(events).max())).item()
    limit = isolated_from(bought["at"])
    if limit is not None:
        limit = max(limit, as_of + 30 * DAY)
        bought = bought.filter(col("at").is_null() | (col("at") < limit))
    return interactions, bought, as_of


# ---------------------------------------------------------------------------------------------------------
# Customers: keys that stand together are one customer's.


def join_sets(label: pl.Series, edges: pl.DataFrame) -> pl.Series:
    """Disjoint sets: the ends of every edge (`a`, `b`) come to have one label, the smallest of their set."""
    while True:
        ends = edges.select(a=label.gather(edges["a"]), b=label.gather(edges["b"])).filter(col("a") != col("b"))
        if ends.is_empty():
            return label
        roots = ends.group_by(pl.max_horizontal("a", "b").alias("high")).agg(
            pl.min_horizontal("a", "b").min().alias("low")
        )
        above = pl.int_range(len(label), dtype=pl.UInt32, eager=True).scatter(roots["high"], roots["low"])
        while not (higher := above.gather(above)).equals(above):
            above = higher
        label = above.gather(label)


def is_nobody(text: pl.Expr) -> pl.Expr:
    """Words that stand for no one, and numbers that a spreadsheet has cut."""
    damaged = text.str.contains(r"^\d([.,]\d+)?[eE]\+\d+$")
    return text.str.to_lowercase().is_in(NOBODY) | ~text.str.contains(r"[\p{L}\p{N}]") | damaged


class Customers:
    """Who is who: the customer of every usable key, and the addresses of colleagues."""

    def __init__(self, rows: pl.DataFrame):
        """Join the rows of all exports by their keys; `rows` has the distinct combinations of keys and name."""
        codes = rows.with_columns(col(KINDS).to_physical())
        self.sizes = [(codes[kind].max() if codes[kind].count() else -1) + 1 for kind in KINDS]
        self.judge(rows, codes)
        self.unite(codes)

    def judge(self, rows: pl.DataFrame, codes: pl.DataFrame) -> None:
        """Which keys identify somebody: `usable`, by kind and number."""
        self.usable = {}
        for kind, size in zip(KINDS, self.sizes):
            words = rows.select(text=col(kind).drop_nulls().unique()).with_columns(code=col("text").to_physical())
            text, host = col("text").cast(pl.String), col("text").cast(pl.String).str.split("@").list.last()
            mailbox = text.str.split("@").list.first().str.split("+").list.first()
            own = pl.any_horizontal((host == domain) | host.str.ends_with("." + domain) for domain in OWN_DOMAINS)
            verdict = {"nobody": is_nobody(text)}
            if kind == "email":
                no_address = ~text.str.contains("@", literal=True)
                verdict = {
                    "nobody": is_nobody(text) | no_address,
                    "colleague": own,
                    "shared": ~no_address & (mailbox.is_in(ROLES) | is_nobody(mailbox)),
                }
            words = words.select("code", **verdict)
            if kind in ("email", "phone"):
                words = words.join(self.many_names(codes, kind), on="code", how="left").with_columns(
                    nobody=col("nobody") | col("many").fill_null(False)
                )
            bad = lambda name: flags(size, words.filter(name)["code"])
            if kind == "email":
                self.colleague = bad("colleague")
                self.shared = flags(size, words.filter(col("shared") | col("many").fill_null(False))["code"])
                self.usable[kind] = ~(bad("nobody") | self.colleague | self.shared)
            else:
                self.usable[kind] = ~bad("nobody")
        for kind in ("external", "own"):
            self.usable[kind] &= ~self.in_bad_company(codes, kind)

    @staticmethod
    def many_names(codes: pl.DataFrame, kind: str) -> pl.DataFrame:
        """Addresses and numbers that stand under more names than one person has."""
        pairs = codes.select(code=kind, name="name").drop_nulls().unique()
        return pairs.group_by("code").len().select("code", many=col("len") > SHARED_NAMES).filter("many")

    def in_bad_company(self, codes: pl.DataFrame, kind: str) -> pl.Series:
        """Numbers that stand with shared or colleagues' addresses only."""
        address = lambda verdict: lit(verdict).gather(col("email"))
        company = (
            codes.filter(col(kind).is_not_null(), col("email").is_not_null())
            .select(kind, good=address(self.usable["email"]), bad=address(self.colleague | self.shared))
            .group_by(kind)
            .agg(col("good", "bad").any())
            .filter(~col("good"), col("bad"))
        )
        return flags(len(self.usable[kind]), company[kind])

    def unite(self, codes: pl.DataFrame) -> None:
        """Number all keys in one row, join strong keys, then phones where that joins no two customers of the CRM."""
        starts = dict(zip(KINDS, (sum(self.sizes[:at]) for at in range(len(KINDS)))))
        node = lambda kind: (
            when(lit(self.usable[kind]).gather(col(kind))).then(col(kind) + starts[kind]).cast(pl.UInt32)
        )
        outsiders = codes.filter(~lit(self.colleague).gather(col("email")).fill_null(False))
        nodes = outsiders.select(node(kind).alias(kind) for kind in KINDS).unique()
        nodes = nodes.with_columns(owner=pl.coalesce(KINDS[:-1]))
        edge = lambda kind: nodes.select(a="owner", b=kind).drop_nulls().filter(col("a") != col("b")).unique()
        alone = pl.int_range(sum(self.sizes), dtype=pl.UInt32, eager=True)
        strong = join_sets(alone, pl.concat([edge(kind) for kind in KINDS[1:-1]]))
        weak = join_sets(strong, edge("phone"))

        known = nodes.select(col("crm").drop_nulls().unique()).to_series()
        holders = pl.DataFrame({"group": weak.gather(known), "holder": strong.gather(known)})
        torn = holders.group_by("group").agg(col("holder").n_unique()).filter(col("holder") > 1)
        in_conflict = weak.is_in(torn["group"].implode())
        owned = alone < starts["phone"]
        frame = pl.DataFrame({"weak": weak, "strong": strong, "in_conflict": in_conflict, "owned": owned})
        customer = frame.select(when(~col("in_conflict")).then("weak").when("owned").then("strong")).to_series()
        self.of = {}
        for kind, size in zip(KINDS, self.sizes):
            own = customer.slice(starts[kind], size).to_frame("customer").with_columns(usable=self.usable[kind])
            self.of[kind] = own.select(when("usable").then("customer")).to_series()

    def expression(self, kinds: list[str]) -> pl.Expr:
        """The customer of a row: of its first usable key, a phone last; a colleague has none."""
        found = pl.coalesce(lit(self.of[kind]).gather(col(kind).to_physical()) for kind in kinds)
        staff = lit(self.colleague).gather(col("email").to_physical()).fill_null(False)
        return when(~staff).then(found).alias("customer")


def flags(size: int, places: pl.Series) -> pl.Series:
    """A row of flags, set at these places."""
    return pl.repeat(False, size, dtype=pl.Boolean, eager=True).scatter(places, True)


def join_customers(interactions: pl.DataFrame, crm: pl.DataFrame, bought: pl.DataFrame) -> list[pl.DataFrame]:
    """Interactions and orders with their customers."""
    columns = [*KINDS, "name"]
    tables = [table.select(c for c in columns if c in table.columns).unique() for table in (interactions, crm, bought)]
    customers = Customers(pl.concat(tables, how="diagonal").select(columns))
    return [
        interactions.with_columns(customers.expression(["email", "external", "own", "phone"])).drop(
            "email", "external", "own", "phone", "name"
        ),
        bought.select("at", customers.expression(["email", "phone"])),
    ]


# ---------------------------------------------------------------------------------------------------------
# Facts: what is true of each contact, whoever asks.


def contacts_with_facts(interactions: pl.DataFrame, as_of: int) -> pl.DataFrame:
    """The contacts in (customer, start, source, number) order, with all that follows from their own cells."""
    status, outcome = col("status"), col("outcome")
    lossy = interactions.filter(outcome.is_in(["abandoned", "missed"]))["source"].unique()
    known = interactions.filter(status.is_null() | status.is_in(["open", "done", "unresolved"]))
    written = col("channel").is_in(["email", "web_form"])
    human = ~col("bot").fill_null(False)

    # The export's own instant first, the vendor's duration only where there is none; before the start is impossible.
    by_duration = when(status == "done", col("vendor_resolution") >= 0).then(col("at") + col("vendor_resolution"))
    not_yet = col("resolved_at").is_null() & (by_duration > as_of)
    resolved = pl.coalesce("resolved_at", by_duration)
    resolved = when(resolved.is_between(col("at"), as_of), status.is_in(["open", "done"])).then(resolved)
    replied = col("at") + when(col("vendor_reply") >= 0).then("vendor_reply")
    target = pl.coalesce(
        when(col("channel") == channel, lit(True) if priority is None else col("priority") == priority).then(within)
        for channel, priority, within in TARGETS
    )
    of = lambda *words: (outcome.is_in(words) & human).fill_null(False)
    return (
        known.lazy()
        .with_columns(
            status=when(not_yet.fill_null(False)).then(lit("open")).otherwise(status),
            resolved_at=resolved,
            replied_at=when(written, replied <= as_of).then(replied),
            wait=when(col("wait") >= 0, human).then("wait"),
            target=target,
            answered=of("answered"),
            abandoned=of("abandoned"),
            missed=of("missed"),
            offered=of("answered", "abandoned", "missed") & col("source").is_in(lossy.implode()),
            phone=col("channel") == "phone",
        )
        .with_columns(
            known=col("status").is_not_null(),
            open=(col("status") == "open").fill_null(False),
            done=(col("status") == "done").fill_null(False),
            unresolved=(col("status") == "unresolved").fill_null(False),
            # A human took part, other than by a reply whose time is known.
            touched=human
            & (
                (outcome == "answered").fill_null(False)
                | (col("talk") > 0).fill_null(False)
                | (col("replied_at").is_null() & (col("replies") > 0)).fill_null(False)
            ),
            call_ended_at=col("at") + col("wait") + when(col("talk") >= 0).then("talk"),
        )
        .with_columns(
            handled=col("touched") | col("replied_at").is_not_null(),
            ttr=when("done").then(col("resolved_at") - col("at")),
        )
        .drop("bot", "outcome", "priority", "talk", "vendor_resolution", "vendor_reply", "updated_at", "status")
        .sort("customer", "at", "source", "id", nulls_last=True)
        .drop("source", "id")
        .collect()
    )


def same_customer(other: pl.Expr) -> pl.Expr:
    return (col("customer") == other).fill_null(False)


def with_neighbours(contacts: pl.DataFrame) -> pl.DataFrame:
    """Mark calls that go on with the one before; find the contacts before and after all others, by customer."""
    picked_up = col("phone") & col("answered")
    before = lambda value: when(picked_up).then(value).forward_fill().shift(1)
    never = -(2**62)
    goes_on = (
        col("phone")
        & same_customer(before(col("customer")))
        & (col("at") <= before(col("call_ended_at").fill_null(never)) + CALL_CONTINUES).fill_null(False)
    )
    contacts = contacts.with_columns(continuation=goes_on)
    is_head = col("customer").is_not_null() & ~col("continuation")
    without_topic = lambda value: when(col("topic").is_null()).then(value).backward_fill().shift(-1)
    next_any = when(same_customer(col("customer").shift(-1))).then(col("at").shift(-1))
    next_bare = when(same_customer(without_topic(col("customer")))).then(without_topic(col("at")))
    heads = contacts.filter(is_head)
    # In the order of customer and topic, the next row is the next contact with the same topic.
    by_topic = (
        heads.select("customer", col("topic").to_physical(), "at", row=pl.int_range(pl.len()))
        .sort("customer", "topic", maintain_order=True)
        .select(
            "row",
            next_at=when(same_customer(col("customer").shift(-1)), col("topic") == col("topic").shift(-1)).then(
                col("at").shift(-1)
            ),
        )
        .sort("row")
    )
    heads = heads.with_columns(
        next_at=next_any,
        previous_at=when(same_customer(col("customer").shift(1))).then(col("at").shift(1)),
        # A missing topic on either side matches.
        next_same_topic_at=when(col("topic").is_null())
        .then(next_any)
        .otherwise(pl.min_horizontal(by_topic["next_at"], next_bare)),
    )
    return pl.concat([heads, contacts.filter(~is_head)], how="diagonal")


# ---------------------------------------------------------------------------------------------------------
# Time: the last complete week, the weeks before it, and when each is judged.


def day_of(instant: int) -> int:
    """The local day of an instant, counted from 1970."""
    return datetime.fromtimestamp(instant / SECOND, ZoneInfo(ZONE)).date().toordinal() - 719_163


def midnight(day: int) -> int:
    """The instant at which a local day begins."""
    return round((datetime(1970, 1, 1) + timedelta(days=day)).replace(tzinfo=ZoneInfo(ZONE)).timestamp() * SECOND)


def in_zone(name: str) -> pl.Expr:
    """An instant as local time."""
    return pl.from_epoch(name, "ms").dt.replace_time_zone("UTC").dt.convert_time_zone(ZONE)


def local_day(name: str) -> pl.Expr:
    return in_zone(name).dt.date().to_physical()


def last_week(contacts: pl.DataFrame) -> int:
    """Monday of the last week whose final usual working hour the contacts have reached."""
    newest = contacts["at"].max()
    hours = (
        contacts.filter(col("at") > newest - 56 * DAY)
        .group_by(in_zone("at").dt.weekday().alias("weekday"), in_zone("at").dt.hour().alias("hour"))
        .len()
    )
    usual = hours.group_by("weekday").agg(pl.sum("len")).filter(col("len") >= 0.05 * hours["len"].sum())
    final_day = usual["weekday"].max()
    final = hours.filter(col("weekday") == final_day).sort("hour")
    final_hour = final.filter(col("len").cum_sum() >= 0.95 * col("len").sum())["hour"].min()
    now = datetime.fromtimestamp(newest / SECOND, ZoneInfo(ZONE))
    monday = day_of(newest) - now.weekday()
    return monday if (now.isoweekday(), now.hour) >= (final_day, final_hour) else monday - 7


def weeks_back(monday: int, as_of: int, first_at: int) -> pl.DataFrame:
    """The last week, number 0, and those before it, each judged at its own end plus the same lag.

    Where the data end within the last week, every week is cut as long before its end. `ripe` is how many weeks a
    metric must step back that looks a repeat window ahead.
    """
    lag = as_of - midnight(monday + 7)
    weeks = []
    ripe = None
    while ripe is None or len(weeks) <= ripe + AVERAGED_WEEKS:
        number = len(weeks)
        end = midnight(monday + 7 - 7 * number)
        judged_at = min(end + lag, as_of)
        to = judged_at + 1 if lag + 1 < 0 else end
        if ripe is None and to - 1 + REPEAT_WINDOW <= as_of:
            ripe = number
        weeks.append((number, midnight(monday - 7 * number), to, judged_at, min(to, as_of + 1)))
    frame = pl.DataFrame(weeks, ["week", "from", "to", "judged_at", "ends_at"], orient="row")
    return frame.with_columns(covered=col("to") > first_at, ripe=lit(ripe))


def readings(ripe: int) -> pl.DataFrame:
    """Which weeks make a figure: the week itself, the one before, and the average of four."""
    rows = [("", ripe), (":previous", ripe + 1), *((":average", ripe + n) for n in range(1, AVERAGED_WEEKS + 1))]
    return pl.DataFrame(rows, ["reading", "week"], orient="row")


def placed(rows: pl.LazyFrame, weeks: pl.DataFrame, clock: str) -> pl.LazyFrame:
    """Rows with the week that their clock lies in; others are left out."""
    weeks = weeks.sort("from")
    number = (lit(weeks["from"]).search_sorted(col(clock), side="right").cast(pl.Int64) - 1).alias("place")
    at = lambda name: lit(weeks[name]).gather(col("place")).alias(name)
    rows = rows.filter(col(clock).is_between(weeks["from"].min(), weeks["to"].max(), closed="left"))
    return (
        rows.with_columns(number)
        .with_columns(at(n) for n in ["week", "to", "judged_at"])
        .filter(col(clock) < col("to"))
    )


# ---------------------------------------------------------------------------------------------------------
# Figures.

DIMENSIONS = ["channel", "team", "topic"]
Z95 = 1.959963984540054  # the 97.5 % point of the normal distribution


def seconds(millis: pl.Expr) -> pl.Expr:
    return millis / SECOND


def share(name: str, part: pl.Expr, whole: pl.Expr) -> dict[str, pl.Expr]:
    """Rows of `part` that are also in `whole`, over those of `whole`; and how many these are."""
    return {name: (part & whole).sum() / whole.sum(), name + "_n": whole.sum()}


def within(name: str, millis: pl.Expr) -> dict[str, pl.Expr]:
    """Half within, nine in ten within, the mean, in seconds; and of how many."""
    return {
        name + "_p50": seconds(millis.quantile(0.5, "linear")),
        name + "_p90": seconds(millis.quantile(0.9, "linear")),
        name + "_mean": seconds(millis.mean()),
        name + "_n": millis.count(),
    }


def response_figures() -> dict[str, pl.Expr]:
    """First replies, waits and calls, by the start."""
    written = col("channel").is_in(["email", "web_form"])
    judged_at, at = col("judged_at"), col("at")
    replied = (col("replied_at") <= judged_at).fill_null(False)
    still_open = col("open") | (col("done") & (col("resolved_at") > judged_at).fill_null(False))
    waiting = written & ~replied & (still_open | (col("replied_at") > judged_at).fill_null(False))
    first_reply = when(written & replied).then(col("replied_at") - at).when(waiting).then(judged_at - at)

    picked_up = (at + col("wait") <= judged_at).fill_null(True)
    wait = when(col("answered") & picked_up).then("wait")

    due = (at + col("target") <= judged_at).fill_null(False)
    met = (col("replied_at") - at <= col("target")).fill_null(False)
    late_by = when(replied).then("replied_at").otherwise(judged_at) - at - col("target")

    offered = col("phone") & col("offered") & ~(col("answered") & col("wait").is_null())
    in_time = col("answered") & (col("wait") <= ANSWER_WITHIN).fill_null(False)
    return {
        "contacts": pl.len(),
        **within("frt", first_reply),
        **within("wait", wait),
        **share("response_sla", met, due),
        "response_sla_late_p50": seconds(late_by.filter(due & ~met & (replied | waiting)).quantile(0.5, "linear")),
        **share("service_level", in_time, offered),
        **share("abandonment", col("abandoned"), col("offered")),
    }


def state_figures(as_of: int, first_at: int) -> dict[str, pl.Expr]:
    """Resolved or not, and come back or not, by the start."""
    undated = col("done") & col("resolved_at").is_null() & (col("judged_at") < as_of)
    resolved = col("done") & (col("resolved_at") <= col("judged_at")).fill_null(True)
    judged = col("known") & ~undated
    replied = (col("replied_at") <= col("judged_at")).fill_null(False)
    heads = col("customer").is_not_null() & ~col("continuation") & (col("at") >= first_at + REPEAT_WINDOW)
    preceded = (col("at") - col("previous_at") <= REPEAT_WINDOW).fill_null(False)
    return {
        **share("resolution_rate", resolved, judged),
        **share("resolved_handled", resolved, judged & (col("touched") | replied)),
        **share("repeat_contacts", preceded, heads),
    }


def ripe_figures(as_of: int) -> dict[str, pl.Expr]:
    """What a week after the contact shows, by the start."""
    over = col("at") + REPEAT_WINDOW <= as_of
    heads = col("customer").is_not_null() & ~col("continuation") & over
    soon = lambda name: (col(name) - col("at") <= REPEAT_WINDOW).fill_null(False)
    late = (col("resolved_at") - col("at") > REPEAT_WINDOW).fill_null(False)
    unsolved = col("open") | col("unresolved") | late
    candidates = heads & col("handled") & (~col("phone") | col("answered"))
    came_back = soon("next_same_topic_at")
    return share("fcr", ~(came_back | unsolved), candidates) | share("repeat_rate", soon("next_at"), heads)


def resolution_figures() -> dict[str, pl.Expr]:
    """Contacts by their last resolution."""
    return {"resolved": col("done").sum()} | within("ttr_full", col("ttr"))


def one_touch_figures(as_of: int) -> dict[str, pl.Expr]:
    """One reply and no reopening, by the resolution, a week later."""
    whole = (col("replies") > 0).fill_null(False) & (col("resolved_at") + WATCHED <= as_of)
    held = ~(col("open") | (col("reopens") > 0).fill_null(False))
    return share("one_touch", (col("replies") == 1).fill_null(False) & held, whole)


def wilson(share, n, root):
    """The 95 % interval of a share (Wilson 1927), of numbers as of expressions."""
    centre, spread = share + Z95**2 / (2 * n), Z95 * root(share * (1 - share) / n + Z95**2 / (4 * n * n))
    return [bound / (1 + Z95**2 / n) for bound in (centre - spread, centre + spread)]


def rating_figures() -> dict[str, pl.Expr]:
    """Satisfied answers with their interval."""
    n, satisfied = pl.len().cast(pl.Float64), (col("csat") == 2).mean()
    low, high = wilson(satisfied, n, pl.Expr.sqrt)
    return {"csat": satisfied, "csat_n": n, "csat_low": low.clip(0, 1), "csat_high": high.clip(0, 1)}


def grouped(
    rows: pl.LazyFrame, weeks: pl.DataFrame, figures: dict[str, pl.Expr], dimensions: list[str]
) -> list[pl.LazyFrame]:
    """Figures of placed rows for each reading: in all, and by each dimension."""
    rows = rows.join(weeks.lazy(), on="week")
    out = []
    for dimension in ["", *dimensions]:
        key = [col(dimension).alias("key")] if dimension else []
        out.append(long(rows.group_by("reading", *key).agg(**figures), dimension))
    return out


def long(table: pl.LazyFrame, dimension: str) -> pl.LazyFrame:
    """One row a figure: dimension, key, column, reading, value. Without a dimension the key is empty."""
    table = table.with_columns(key=col("key").cast(pl.String).fill_null("(none)") if dimension else lit(""))
    return (
        table.with_columns(pl.exclude("reading", "key").cast(pl.Float64))
        .unpivot(index=["reading", "key"], variable_name="column")
        .select(lit(dimension).alias("dimension"), "key", "column", "reading", "value")
    )


def backlog(contacts: pl.LazyFrame, weeks: pl.DataFrame) -> list[pl.LazyFrame]:
    """What was open at each week's end, by age; the average is the mean of the weeks."""
    ends = weeks.lazy().select("week", "to", "ends_at", until=pl.min_horizontal("to", "judged_at"))
    may_be_open = col("open") | (col("done") & (col("resolved_at") >= weeks["ends_at"].min()).fill_null(False))
    age = col("until") - col("at")
    rows = (
        contacts.filter(may_be_open)
        .select("at", "open", "resolved_at", "replied_at", "touched", "channel", "team")
        .join(ends, how="cross")
        .filter(col("at") < col("to"), col("open") | (col("resolved_at") >= col("ends_at")).fill_null(False))
    )
    between = lambda low, high: ((age >= low * DAY) & (age < high * DAY)).sum()
    replied = (col("replied_at") < col("ends_at")).fill_null(False)
    figures = {
        "backlog": pl.len(),
        "backlog_0_1d": between(0, 1),
        "backlog_1_3d": between(1, 3),
        "backlog_3_7d": between(3, 7),
        "backlog_7_30d": between(7, 30),
        "backlog_30d": between(30, 1_000_000),
        "backlog_over_7d": between(7, 1_000_000),
        "backlog_untouched": (~(replied | col("touched"))).sum(),
        "backlog_oldest": seconds(age.max()),
    }
    counts = [name for name in figures if name != "backlog_oldest"]
    of_reading = readings(0).lazy()
    out = []
    for dimension in ["", "channel", "team"]:
        name = col(dimension) if dimension else lit(None)
        # A group that had begun by then and has nothing open has none, which is not the same as missing.
        begun = (
            contacts.group_by(name.alias("key")).agg(pl.min("at")).join(ends, how="cross").filter(col("at") < col("to"))
        )
        table = (
            begun.select("week", "key")
            .join(
                rows.group_by("week", name.alias("key")).agg(**figures),
                on=["week", "key"],
                how="left",
                nulls_equal=True,
            )
            .with_columns(col(counts).fill_null(0))
            .join(of_reading, on="week")
            .group_by("reading", "key")
            .agg(col(counts).sum(), col("backlog_oldest").mean())
        )
        out.append(long(table, dimension))
    return out


def reach(begun: pl.LazyFrame, weeks: pl.DataFrame, orders_at: pl.Series) -> list[pl.LazyFrame]:
    """Customers, channels and orders of each week. A share over several weeks is sum over sum."""
    of_reading = readings(0).lazy()
    known = begun.filter(col("customer").is_not_null()).select("week", "channel", "customer").unique()
    one_each = known.group_by("week", "customer").agg(several=col("channel").n_unique() > 1)
    active = one_each.select("week", "customer", back=lit(True))
    returned = lambda rows: rows.with_columns(col("week") - 1).join(active, on=["week", "customer"], how="left")
    everyone = (
        one_each.join(of_reading, on="week")
        .group_by("reading")
        .agg(customers=pl.len(), multi_channel=col("several").mean(), multi_channel_n=pl.len())
    )
    kept = {"contact_return": col("back").fill_null(False).mean(), "contact_return_n": pl.len()}
    back = returned(one_each).join(of_reading, on="week").group_by("reading").agg(**kept)
    by_channel = known.join(of_reading, on="week").group_by("reading", key="channel").agg(customers=pl.len())
    back_by_channel = returned(known).join(of_reading, on="week").group_by("reading", key="channel").agg(**kept)
    volume = begun.group_by("week").agg(contacts=pl.len())
    bought = placed(orders_at.to_frame("at").lazy(), weeks, "at").group_by("week").agg(orders=pl.len())
    per_order = (
        volume.join(bought, on="week").join(of_reading, on="week").group_by("reading")
        .agg(
            contacts_per_100_orders=100 * col("contacts").sum() / col("orders").sum(),
            contacts_per_100_orders_n=col("orders").sum(),
        )
    )  # fmt: skip
    by_channel_volume = begun.join(of_reading, on="week").group_by("reading", key="channel").agg(contacts=pl.len())
    of_all = lambda rows, name: rows.select(
        "reading", "key", (col(name) / col(name).sum().over("reading")).alias(name + "_share")
    )
    customers_share = by_channel.join(everyone.select("reading", all="customers"), on="reading").select(
        "reading", "key", customers_share=col("customers") / col("all")
    )
    # All of it is the whole; and no export here asks whether customers would recommend the shop.
    whole = of_reading.select("reading").unique().with_columns(contacts_share=1, customers_share=1, nps_n=0)
    return [
        *(long(table, "") for table in (everyone, back, per_order, whole)),
        *(
            long(table, "channel")
            for table in (by_channel, back_by_channel, of_all(by_channel_volume, "contacts"), customers_share)
        ),
    ]


# ---------------------------------------------------------------------------------------------------------
# Retention: customers' orders over months and trailing windows.


class Loyalty:
    """Orders of known customers by local day, and the windows that retention looks at."""

    def __init__(self, bought: pl.DataFrame, as_of: int):
        seen = bought.filter(col("at") <= as_of)
        self.first_day, self.newest = day_of(seen["at"].min()), seen["at"].max()
        self.days = seen.drop_nulls("customer").select("customer", day=local_day("at")).unique()

    def active(self, start: int, end: int) -> pl.LazyFrame:
        """Customers with an order on a day in `[start, end)`."""
        return self.days.lazy().filter(col("day").is_between(start, end, closed="left")).select("customer").unique()

    def windows(self, until: int) -> tuple[int, int] | None:
        """The landmark and the end of the window after it: the last day that is over; None where orders begin too late."""
        end = day_of(min(self.newest, until))
        return (end - ACTIVE_DAYS, end) if self.first_day <= end - 2 * ACTIVE_DAYS else None

    def retention(self, reading: str, until: int) -> list[pl.LazyFrame]:
        """Of the customers active in one window, the share active in the next."""
        if (window := self.windows(until)) is None:
            return []
        middle, end = window
        base, after = self.active(middle - ACTIVE_DAYS, middle), self.active(middle, end).with_columns(kept=lit(1))
        table = base.join(after, on="customer", how="left").select(
            lit(reading).alias("reading"), retention=col("kept").fill_null(0).mean(), retention_n=pl.len()
        )
        return [long(table.head(1), "")]

    def cohorts(self, as_of: int) -> pl.LazyFrame:
        """Of the customers first active in a month, the share active in each month after it."""
        month_of = lambda date: date.dt.year().cast(pl.Int32) * 12 + date.dt.month() - 1
        today = (datetime(1970, 1, 1) + timedelta(days=day_of(min(self.newest, as_of) + 1))).date()
        last_full = today.year * 12 + today.month - 2
        months = self.days.lazy().select("customer", month=month_of(col("day").cast(pl.Date))).unique()
        months = months.with_columns(first=col("month").min().over("customer"))
        months = months.filter(col("first") > col("first").min(), col("month") <= last_full)
        active = months.group_by("first", after=col("month") - col("first")).len()
        size = active.filter(col("after") == 0).select("first", customers="len")
        # Nobody active in a month that is over is a true nought.
        spans = size.with_columns(after=pl.int_ranges(0, pl.min_horizontal(last_full - col("first"), 12) + 1)).explode(
            "after"
        )
        share = spans.join(active, on=["first", "after"], how="left").with_columns(col("len").fill_null(0))
        name = pl.format("{}-{}", col("first") // 12, (col("first") % 12 + 1).cast(pl.String).str.zfill(2))
        share = share.with_columns(key=name, month=pl.format("month_{}", "after"), value=col("len") / col("customers"))
        later = share.filter(col("after") > 0)
        return pl.concat(
            rows.select(lit("cohorts").alias("table"), "key", column=column, value=col(value).cast(pl.Float64))
            for rows, column, value in [
                (share.filter(col("after") == 0), lit("customers"), "customers"),
                (later, col("month"), "value"),
                (later, col("month") + ":n", "customers"),
            ]
        )

    def experience(self, contacts: pl.DataFrame, as_of: int) -> pl.DataFrame | None:
        """Whether customers with a bad experience stay away more often; `contacts` are by customer and start."""
        if (window := self.windows(as_of + 1)) is None:
            return None
        before = midnight(window[0])
        rated_at = pl.coalesce("resolved_at", "at")
        took = col("replied_at") - col("at")
        missed_target = (col("at") + col("target") <= before) & ((took > col("target")).fill_null(True))
        crowd = (col("at") - col("at").shift(2) <= 7 * DAY) & same_customer(col("customer").shift(2))
        last = lambda flag: when(col("phone") & col(flag)).then("row").max().fill_null(-1).cast(pl.Int64)
        customers = (
            contacts.lazy().filter(col("customer").is_not_null())
            .with_columns(unhappy=((col("csat") == 1) & (rated_at < before)).fill_null(False))
            .filter((col("at") < before) | col("unhappy"))
            .with_row_index("row")
            .with_columns(counts=col("at") < before)
            .with_columns(bad=col("unhappy") | (col("counts") & (missed_target.fill_null(False) | crowd.fill_null(False))))
            .group_by("customer")
            .agg(
                counts=col("counts").any(),
                bad=col("bad").any() | (last("abandoned") > last("answered")),
            )
            .filter("counts")
            .join(self.active(*window).with_columns(stays=lit(True)), on="customer", how="left")
            .group_by("bad")
            .agg(customers=pl.len(), left=col("stays").is_null().sum())
            .collect()
        )  # fmt: skip
        groups = {row["bad"]: (row["left"], row["customers"]) for row in customers.to_dicts()}
        if len(groups) < 2 or customers["customers"].min() < SMALLEST_GROUP:
            return None
        rows = []
        for bad, name in ((True, "bad"), (False, "not bad")):
            left, all_ = groups[bad]
            low, high = wilson(left / all_, all_, math.sqrt)
            found = {
                "customers": all_,
                "not_active": left / all_,
                "not_active:n": all_,
                "not_active:low": low,
                "not_active:high": high,
            }
            rows += [(name, column, float(value)) for column, value in found.items()]
        (a, n), (c, m) = groups[True], groups[False]
        if a and c:
            risk, spread = (a / n) / (c / m), math.exp(Z95 * math.sqrt(1 / a - 1 / n + 1 / c - 1 / m))
            found = {"relative_risk": risk, "relative_risk:low": risk / spread, "relative_risk:high": risk * spread}
            rows += [("bad", column, value) for column, value in found.items()]
        frame = pl.DataFrame(rows, ["key", "column", "value"], orient="row")
        return frame.select(lit("experience").alias("table"), "key", "column", "value")


# ---------------------------------------------------------------------------------------------------------
# The report: which table shows which figures.

LEDGERS = {
    "summary": [
        "contacts", "contacts_per_100_orders", "resolved", "backlog", "backlog_over_7d", "response_sla", "frt_p50",
        "frt_p90", "service_level", "abandonment", "resolution_rate", "resolved_handled", "repeat_contacts", "fcr",
        "csat", "retention",
    ],
    "response": [
        "response_sla", "response_sla_late_p50", "frt_p50", "frt_p90", "frt_mean", "wait_p50", "wait_p90",
        "wait_mean", "service_level", "abandonment",
    ],
    "resolution": [
        "resolution_rate", "resolved_handled", "resolved", "ttr_full_p50", "ttr_full_p90", "one_touch", "fcr",
        "repeat_rate", "repeat_contacts", "backlog", "backlog_over_7d", "backlog_untouched", "backlog_oldest",
    ],
    "retention": ["retention", "contact_return", "customers"],
    "channels": ["contacts", "contacts_per_100_orders", "customers", "multi_channel"],
    "satisfaction": ["csat", "nps"],
}  # fmt: skip
CSAT = ["csat", "csat_low", "csat_high", "csat_n"]
AGES = ["backlog_0_1d", "backlog_1_3d", "backlog_3_7d", "backlog_7_30d", "backlog_30d", "backlog"]
GRIDS = {
    ("response_by_channel", "channel"): ["frt_p50", "frt_p90", "response_sla", "wait_p50", "wait_p90", "abandonment"],
    ("response_by_team", "team"): ["frt_p50", "frt_p90", "response_sla", "wait_p50", "abandonment"],
    ("response_by_topic", "topic"): ["frt_p50", "frt_p90", "response_sla", "wait_p50"],
    ("resolution_by_channel", "channel"): ["resolution_rate", "resolved", "ttr_full_p50", "fcr", "repeat_contacts", "backlog"],
    ("resolution_by_team", "team"): ["resolution_rate", "resolved", "ttr_full_p50", "one_touch", "backlog"],
    ("resolution_by_topic", "topic"): ["contacts", "ttr_full_p50", "fcr", "repeat_contacts"],
    ("backlog_by_age", "channel"): AGES,
    ("mix", "channel"): ["contacts", "contacts_share", "customers", "customers_share", "contact_return"],
    ("satisfaction_by_channel", "channel"): CSAT,
    ("satisfaction_by_team", "team"): CSAT,
}  # fmt: skip
# Page one's lines of channels: what is compared with the week before, and what is not.
STRIP = {True: ["frt_p50", "wait_p50"], False: ["contacts", "contacts_share", "csat"]}


def n_of(figure: str) -> str | None:
    """The figure that says how many rows another one counts."""
    if figure.startswith("backlog") or figure.endswith("_share") or figure in ("contacts", "resolved", "customers"):
        return None
    return re.sub("(_late_p50|_p50|_p90|_mean|_low|_high|_n)$", "", figure) + "_n"


def parts(figure: str, suffixes: list[str]) -> list[tuple[str, str, str]]:
    """What a cell says: which figure, of which reading, and under which name."""
    found = [(figure, suffix, figure + suffix) for suffix in suffixes]
    if n := n_of(figure):
        found.append((n, "", figure + ":n"))
    if figure == "csat":
        found += [(f"csat_{bound}", "", f"csat:{bound}") for bound in ("low", "high")]
    return found


def shown() -> pl.DataFrame:
    """Every cell of the report that is asked for, but for the keys of its groups."""
    every, two = ["", ":previous", ":average"], ["", ":previous"]
    rows = [(table, "", None, *part) for table, figures in LEDGERS.items() for f in figures for part in parts(f, every)]
    for (table, dimension), figures in GRIDS.items():
        ways = [(dimension, None), ("", "total")]
        rows += [(table, *way, *part) for way in ways for f in figures for part in parts(f, two)]
    for compared, figures in STRIP.items():
        rows += [
            ("summary_by_channel", "channel", None, *p) for f in figures for p in parts(f, two if compared else [""])
        ]
    names = ["table", "dimension", "own_key", "column", "reading", "shown_as"]
    return pl.DataFrame(rows, dict.fromkeys(names, pl.String), orient="row")


def measure(contacts: pl.DataFrame, bought: pl.DataFrame, as_of: int) -> pl.DataFrame:
    """All figures of the report."""
    first_at = contacts["at"].min()
    weeks = weeks_back(last_week(contacts), as_of, first_at)
    ripe = weeks["ripe"][0]
    loyalty = Loyalty(bought, as_of)
    experience = loyalty.experience(contacts, as_of)

    rows = with_neighbours(contacts).lazy()
    begun = placed(rows, weeks, "at")
    resolved = placed(rows, weeks, "resolved_at")
    rated = placed(
        rows.filter(col("csat").is_not_null()).with_columns(rated_at=pl.coalesce("resolved_at", "at")),
        weeks,
        "rated_at",
    )
    now, later = readings(0), readings(ripe)
    judged = response_figures() | state_figures(as_of, first_at)
    queries = [
        *grouped(begun, now, judged, DIMENSIONS),
        *grouped(begun, later, ripe_figures(as_of), ["channel", "topic"]),
        *grouped(resolved, now, resolution_figures(), DIMENSIONS),
        *grouped(resolved, later, one_touch_figures(as_of), ["team"]),
        *grouped(rated, now, rating_figures(), ["channel", "team"]),
        *backlog(rows, weeks),
        *reach(begun, weeks, bought["at"].drop_nulls()),
        *loyalty.retention("", weeks["to"][0]),
        *loyalty.retention(":previous", weeks["to"][1]),
    ]
    *figures, cohorts = pl.collect_all([*queries, loyalty.cohorts(as_of)])

    counted = ["contacts", "resolved", "customers", *AGES, "backlog_over_7d", "backlog_untouched"]
    averaged = weeks["covered"].slice(1, AVERAGED_WEEKS).sum()
    is_mean = (col("reading") == ":average") & col("column").is_in(counted)
    figures = pl.concat(figures).with_columns(value=when(is_mean).then(col("value") / averaged).otherwise("value"))
    cells = (
        shown()
        .join(figures, on=["dimension", "column", "reading"])
        .select("table", pl.coalesce("own_key", "key").alias("key"), col("shown_as").alias("column"), "value")
    )
    others = [frame for frame in (experience, cohorts) if frame is not None]
    return pl.concat([cells, *others], how="vertical_relaxed").filter(col("value").is_finite())


def main(folder: str, out: str) -> None:
    interactions, crm, bought = read(Path(folder))
    interactions, bought, as_of = settle_dates(interactions, bought)
    interactions, bought = join_customers(interactions, crm, bought)
    contacts = contacts_with_facts(interactions, as_of)
    measure(contacts, bought, as_of).write_csv(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
