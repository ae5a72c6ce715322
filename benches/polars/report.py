"""The figures of `deskstat report FOLDER`, computed with Polars.

    python report.py FOLDER OUT.csv

reads the CSV exports of FOLDER as the tools wrote them (Zendesk tickets, Aircall calls, shop visits, HubSpot contacts,
Shopify orders), joins them by customer, and writes a line for every figure of the report: table, key, column, value.
Needs Python 3.11 and `polars`, nothing else.

The file reads in the order of the work: settings, exports, mistyped dates, customers, facts, weeks, figures, report.
Instants and lengths of time are whole milliseconds.
"""

import math
import re
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
from polars import col, lit, when

# --- Settings: what deskstat.toml says, and deskstat's own defaults ---------------------------------------------------

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000

ZONE = "Europe/London"
COUNTRY_CODE = "44"
OWN_DOMAINS = ["harbourandpine.example"]
# Channel, priority (None: any), promised first reply; the first that fits counts.
TARGETS = [("email", "urgent", 4 * HOUR), ("email", None, 8 * HOUR), ("web_form", None, 4 * HOUR)]
ANSWER_WITHIN = 20 * SECOND
REPEAT_WINDOW = 7 * DAY
WATCHED = 7 * DAY  # so long a resolution is watched for a reopening
CALL_CONTINUES = 30 * MINUTE
ACTIVE_DAYS = 90
SHARED_NAMES = 5  # an address or number under more names is several people's
AVERAGED_WEEKS = 4
WATCHED_WEEKS = 13  # before the last one: what they come to is usual
ENOUGH_WEEKS = 8
CHARTED_WEEKS = 8
SMALLEST_GROUP = 30  # of customers with and without a bad experience
MANY_CONTACTS = 5  # customers with so many or more are compared with each other

# Words that stand for no one, and mailboxes behind which sit many people.
NOBODY = (
    "anonym,anonymous,anonymous caller,blocked,guest,n/a,na,nan,nil,no email,none,not available,null,#n/a,#name?,#ref!,"
    "#value!,private,private number,restricted,unavailable,unbekannt,undefined,unknown,unknown caller,withheld"
).split(",")
ROLES = (
    "account accounting accounts accueil admin administration administrator anfrage atendimento billing bounce bounces "
    "buchhaltung contact contacto contato customercare customerservice do-not-reply donotreply email enquiries enquiry "
    "facturation finance hello help helpdesk hostmaster info inquiries inquiry invoice invoices klantenservice kontakt "
    "kundenservice mail mailer-daemon newsletter no-email no-reply no.reply no_reply noemail nomail noreply "
    "notification notifications office order orders post postmaster purchasing rechnung reception root sales "
    "secretariat sekretariat service services soporte support team ventas verwaltung vertrieb webmaster zentrale"
).split()

# --- Exports: a lazy frame each, in one shape -------------------------------------------------------------------------

KINDS = ["crm", "email", "external", "own", "phone"]  # of keys; a phone is the weakest
# Words are numbers in dictionaries that all frames share.
WORDS = {name: pl.Categorical(pl.Categories(name)) for name in [*KINDS, "name", "team", "topic"]}
WORDS["channel"] = pl.Enum(["phone", "in_person", "email", "web_form"])
WORDS["source"] = pl.Enum(["aircall", "shop-visits", "zendesk"])


def export(*paths: Path, separator: str = ",", line: str | None = None) -> pl.LazyFrame:
    """Rows of CSVs with one header that have no more cells than it, every cell as text; and at which line, if asked."""
    with paths[0].open(encoding="utf-8-sig") as file:
        header = file.readline().rstrip("\r\n").split(separator)
    beyond = "cells beyond the header"
    rows = pl.scan_csv(
        list(paths),
        separator=separator,
        schema=dict.fromkeys([*header, beyond], pl.String),
        missing_columns="insert",
        truncate_ragged_lines=True,
        row_index_name=line,
        row_index_offset=2,
    )
    return rows.filter(col(beyond).is_null())


def instant(text: str | pl.Expr, shape: str, zone: str = ZONE) -> pl.Expr:
    """The instant of a local time, missing where there is no such date; of a repeated hour the first."""
    clock = (col(text) if isinstance(text, str) else text).str.to_datetime(shape, time_unit="ms", strict=False)
    return clock.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null").dt.epoch("ms")


def whole(name: str, unit: int) -> pl.Expr:
    """A whole number of minutes or seconds."""
    return col(name).cast(pl.Int64, strict=False) * unit


def clock_time(name: str) -> pl.Expr:
    """`00:01:05` as a length of time."""
    digits = col(name).str.strip_prefix("-")
    hours, minutes, seconds = (digits.str.slice(at, 2).cast(pl.Int64, strict=False) for at in (0, 3, 6))
    length = hours * HOUR + minutes * MINUTE + seconds * SECOND
    return when(col(name).str.starts_with("-")).then(-length).otherwise(length)


def word(name: str, text: pl.Expr) -> pl.Expr:
    """A text as a number in the dictionary of that name."""
    return text.cast(WORDS[name]).alias(name)


def identifier(kind: str, name: str) -> pl.Expr:
    """The number that a system gives a customer."""
    return word(kind, col(name).str.strip_chars(" '"))


def email(name: str) -> pl.Expr:
    """An address in lower case, without a name and brackets around it; none where there is no address."""
    address = col(name).str.strip_chars(" '").str.extract(r'([^\s<>"@:;,]+@[^\s<>"@:;,]+\.[^\s<>"@:;,]+)')
    return word("email", address.str.to_lowercase())


def phone(*texts: str | pl.Expr) -> pl.Expr:
    """A number's digits, its country's first. What holds letters (`anonymous`, `4.41E+11`) is no number."""

    def digits(text: str | pl.Expr) -> pl.Expr:
        text = col(text) if isinstance(text, str) else text
        bare = text.str.replace_all(r"[ ()'./-]", "").str.replace("^00", "+")
        return bare.str.replace(r"^(?:0|(\d{7,10})$)", COUNTRY_CODE + "${1}").str.extract(r"^\+?(\d{7,})$")

    return word("phone", pl.coalesce(digits(text) for text in texts))


def person(*names: str) -> pl.Expr:
    """A name in lower case with single blanks."""
    text = pl.concat_str(names, separator=" ").str.to_lowercase()
    return word("name", text.str.strip_chars().str.replace_all(r"\s+", " "))


def tickets(*paths: Path) -> pl.LazyFrame:
    """Zendesk: e-mails and web forms. When they were first answered is known in minutes only."""
    tags, rating = col("Tags").fill_null(""), col("Satisfaction Score")
    over = col("Status").is_in(["Solved", "Closed"])
    status = (
        when(tags.str.contains("closed_by_merge", literal=True)).then(lit("merged"))
        .when(tags.str.contains("(^| )spam( |$)")).then(lit("spam"))
        .when(col("Status") == "Deleted").then(lit("deleted"))
        .when(over).then(lit("done"))
        .otherwise(lit("open"))
    )  # fmt: skip
    rows = export(*paths).select(
        word("source", lit("zendesk")),
        email("Requester email"),
        identifier("external", "Requester external id"),
        identifier("own", "Requester id"),
        person("Requester"),
        word("channel", when(col("Via").str.starts_with("Mail")).then(lit("email")).otherwise(lit("web_form"))),
        word("team", col("Group")),
        word("topic", when(col("Product area [list]") != "-").then("Product area [list]")),
        id="Id",
        priority=col("Priority").str.to_lowercase(),
        status=status,
        at=instant("Created at", "%Y-%m-%d %H:%M"),
        updated_at=instant("Updated at", "%Y-%m-%d %H:%M"),
        resolved_at=instant("Solved at", "%Y-%m-%d %H:%M"),
        took=when(over).then(whole("Full resolution time in minutes", MINUTE)),
        replied_after=whole("First reply time in minutes", MINUTE),
        replies=col("Replies").cast(pl.Int32, strict=False),
        reopens=col("Reopens").cast(pl.Int32, strict=False),
        satisfied=when(rating.str.starts_with("Good")).then(True).when(rating.str.starts_with("Bad")).then(False),
    )
    return rows.filter(col("at").is_not_null())


def calls(path: Path) -> pl.LazyFrame:
    """Aircall: calls in both directions. Who left in the menu never queued for a human."""
    reason, inbound = col("missed_call_reason"), col("direction") == "inbound"
    outcome = (
        when(col("answered") == "Yes").then(lit("answered"))
        .when(col("voicemail").is_not_null()).then(lit("missed"))
        .when(reason == "abandoned_in_ivr").then(None)
        .when(reason.str.contains("abandoned", literal=True)).then(lit("abandoned"))
        .when(reason.is_not_null() | inbound).then(lit("missed"))
    )  # fmt: skip
    rows = export(path).select(
        word("source", lit("aircall")),
        phone("customer number", when(inbound).then("from").otherwise("to")),
        word("channel", lit("phone")),
        word("team", col("team")),
        id=pl.coalesce("call id (internal)", "call id"),
        status=when(~inbound).then(lit("outbound")),
        outcome=outcome,
        bot=reason == "abandoned_in_ivr",
        at=instant("datetime (utc)", "%Y-%m-%d %H:%M:%S", "UTC"),
        wait=pl.coalesce(clock_time("waiting time"), clock_time("time to answer")),
        talk=whole("duration (in call)", SECOND),
    )
    return rows.filter(col("at").is_not_null())


def visits(path: Path) -> pl.LazyFrame:
    """The list of the shops: everybody on it was served, and what is solved was solved after the wait."""
    minutes = col("Minutes waited").str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    wait, solved = (minutes * MINUTE).round().cast(pl.Int64), col("Solved") == "yes"
    rows = export(path, separator=";", line="line").select(
        word("source", lit("shop-visits")),
        email("E-mail"),
        phone("Phone"),
        person("Name"),
        word("channel", lit("in_person")),
        word("team", col("Shop")),
        word("topic", col("Reason")),
        id=pl.format("shop-visits.csv:{}", "line"),
        status=when(solved).then(lit("done")).when(col("Solved") == "no").then(lit("unresolved")),
        outcome=lit("answered"),
        at=instant(col("Date") + " " + col("Time"), "%d/%m/%Y %H:%M"),
        wait=wait,
        took=when(solved).then(wait),
    )
    return rows.filter(col("at").is_not_null())


def people(path: Path) -> pl.LazyFrame:
    """HubSpot: who is known by which address and number; of several copies the one updated last."""
    rows = export(path, separator=";").select(
        identifier("crm", "Record ID"),
        email("Email"),
        phone("Phone Number"),
        person("First Name", "Last Name"),
        updated_at=instant("Last Activity Date", "%Y-%m-%d %H:%M"),
    )
    return rows.sort("updated_at", maintain_order=True).unique("crm", keep="last")


def orders(path: Path) -> pl.LazyFrame:
    """Shopify: rows of line items made one row an order. A date that cannot be read costs the row; none does not."""
    ordered_at = col("Created at").str.to_datetime("%Y-%m-%d %H:%M:%S %z", time_unit="ms", strict=False)
    rows = export(path).select(
        email("Email"),
        phone("Phone", "Billing Phone", "Shipping Phone"),
        word("name", pl.coalesce("Billing Name", "Shipping Name").str.to_lowercase()),
        id="Name",
        amount=col("Total").cast(pl.Float64, strict=False),
        at=ordered_at.dt.epoch("ms"),
        is_readable=ordered_at.is_not_null() | col("Created at").is_null(),
    )
    lines = rows.filter("is_readable").group_by("id")
    return lines.agg(col("at").min(), col("email", "phone", "name", "amount").first(ignore_nulls=True))


def read(folder: Path) -> list[pl.DataFrame]:
    """Interactions, people, orders. Of several copies of a ticket the one updated, then solved last counts."""
    ticket = tickets(*sorted(folder.glob("zendesk-tickets-*.csv")))
    is_copied = col("id").is_duplicated()
    latest = ticket.filter(is_copied).sort("updated_at", "resolved_at", maintain_order=True).unique("id", keep="last")
    call = calls(folder / "aircall-calls.csv").filter(col("id").is_first_distinct())
    visit = visits(folder / "shop-visits.csv")
    interactions = pl.concat([call, visit, ticket.filter(~is_copied), latest], how="diagonal")
    person_file, order_file = folder / "hubspot-contacts.csv", folder / "shopify-orders.csv"
    return pl.collect_all([interactions, people(person_file), orders(order_file)])


# --- Mistyped dates: a few rows, a month beyond all others ------------------------------------------------------------


def isolated_from(latest: pl.Series) -> int | None:
    """The instant from which dates are isolated; none where none are. `latest` is the last event of each row."""
    few = max(3, math.ceil(len(latest) / 1_000))
    days = (latest.drop_nulls() // DAY).alias("day").value_counts(name="rows").sort("day", descending=True)
    days = days.with_columns(later=col("day").shift(1), beyond=col("rows").cum_sum() - col("rows"))
    days = days.filter(col("later") - col("day") > 30, col("beyond") < few, col("beyond") * 10 <= len(latest))
    return None if days.is_empty() else (days["day"].min() + 1) * DAY


def settle_dates(interactions: pl.DataFrame, bought: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """Drop rows with an isolated start, forget other isolated dates; and the instant of the latest event that stays."""
    events = ["at", "resolved_at", "updated_at"]
    if limit := isolated_from(interactions.select(pl.max_horizontal(events)).to_series()):
        seen = (when(col(name) < limit).then(name).alias(name) for name in events)
        interactions = interactions.filter(col("at") < limit).with_columns(seen)
    as_of = interactions.select(pl.max_horizontal(col(events).max())).item()
    if limit := isolated_from(bought["at"]):
        bought = bought.filter((col("at") < max(limit, as_of + 30 * DAY)).fill_null(True))
    return interactions, bought, as_of


# --- Customers: keys that stand together are one customer's -----------------------------------------------------------


def holds(condition: pl.Expr) -> pl.Expr:
    """What is not known does not hold."""
    return condition.fill_null(False)


def flags(size: int, places: pl.Series) -> pl.Series:
    """So many flags, those at the places set."""
    return pl.repeat(False, size, dtype=pl.Boolean, eager=True).scatter(places, True)


def picked(values: pl.Series, name: str) -> pl.Expr:
    """For each row the value at the number of its word."""
    return lit(values).gather(col(name).to_physical())


def join_sets(label: pl.Series, edges: pl.DataFrame) -> pl.Series:
    """Disjoint sets: the ends of every edge, `a` and `b`, come to have one label, the smallest of their set."""
    while True:
        ends = edges.select(a=label.gather(edges["a"]), b=label.gather(edges["b"])).filter(col("a") != col("b"))
        if ends.is_empty():
            return label
        high, low = pl.max_horizontal("a", "b").alias("high"), pl.min_horizontal("a", "b").alias("low")
        hooks = ends.select(high, low).group_by("high").agg(col("low").min())
        root = pl.int_range(len(label), dtype=pl.UInt32, eager=True).scatter(hooks["high"], hooks["low"])
        while not (above := root.gather(root)).equals(root):
            root = above
        label = root.gather(label)


def is_nobody(text: pl.Expr) -> pl.Expr:
    """A word that stands for no one, or a number that a spreadsheet has cut."""
    is_cut = text.str.contains(r"^\d([.,]\d+)?[eE]\+\d+$")
    return text.str.to_lowercase().is_in(NOBODY) | ~text.str.contains(r"[\p{L}\p{N}]") | is_cut


def many_names(keys: pl.DataFrame, kind: str) -> pl.Series:
    """Keys that stand with more names than one person has."""
    names = keys.select(kind, "name").drop_nulls().unique().group_by(kind).len()
    return names.filter(col("len") > SHARED_NAMES)[kind].to_physical()


class Customers:
    """Who is who: the customer of every key, by kind of key and number of its word."""

    def __init__(self, keys: pl.DataFrame):
        """`keys` has the keys and names that stand together in some row of any export."""
        numbers = keys.select(col(KINDS).to_physical())
        self.sizes = {kind: 1 + (-1 if (top := numbers[kind].max()) is None else top) for kind in KINDS}
        self.judge(keys)
        self.unite(numbers.unique())

    def judge(self, keys: pl.DataFrame) -> None:
        """Which keys identify somebody; and which addresses are colleagues', or shared."""
        found = {kind: keys.select(kind).drop_nulls().unique() for kind in KINDS}
        self.usable = {kind: ~self.marked(kind, found[kind], is_nobody) for kind in KINDS}

        def is_colleague(text: pl.Expr) -> pl.Expr:
            return text.str.contains("@(.*[.])?(" + "|".join(map(re.escape, OWN_DOMAINS)) + ")$")

        def is_role(text: pl.Expr) -> pl.Expr:
            mailbox = text.str.extract("^([^@+]*)[^@]*@")
            return mailbox.is_in(ROLES) | is_nobody(mailbox)

        addresses = found["email"]
        self.colleague = self.marked("email", addresses, is_colleague)
        self.shared = self.marked("email", addresses, is_role) | flags(self.sizes["email"], many_names(keys, "email"))
        self.usable["email"] &= ~self.colleague & ~self.shared
        self.usable["phone"] &= ~flags(self.sizes["phone"], many_names(keys, "phone"))
        for kind in ("external", "own"):
            self.usable[kind] &= ~self.in_bad_company(keys, kind)

    def marked(self, kind: str, words: pl.DataFrame, test) -> pl.Series:
        """By number: the words for which a test of their text holds."""
        return flags(self.sizes[kind], words.filter(holds(test(col(kind).cast(pl.String))))[kind].to_physical())

    def in_bad_company(self, keys: pl.DataFrame, kind: str) -> pl.Series:
        """A system's numbers that stand with shared or colleagues' addresses only."""
        good, bad = picked(self.usable["email"], "email"), picked(self.colleague | self.shared, "email")
        pairs = keys.select(kind, "email").drop_nulls().select(kind, good=good, bad=bad)
        company = pairs.group_by(kind).agg(col("good", "bad").any()).filter(~col("good"), "bad")
        return flags(self.sizes[kind], company[kind].to_physical())

    def unite(self, numbers: pl.DataFrame) -> None:
        """Join strong keys with what they stand with; then phones, unless two customers of the CRM would become one."""
        first = {kind: sum(self.sizes[before] for before in KINDS[:at]) for at, kind in enumerate(KINDS)}
        node = {kind: when(picked(self.usable[kind], kind)).then(col(kind) + first[kind]) for kind in KINDS}
        outside = numbers.filter(~holds(picked(self.colleague, "email")))
        nodes = outside.select(node[kind].cast(pl.UInt32).alias(kind) for kind in KINDS)
        nodes = nodes.with_columns(owner=pl.coalesce(KINDS[:-1])).unique()
        alone = pl.int_range(sum(self.sizes.values()), dtype=pl.UInt32, eager=True)
        edges = {kind: nodes.select(a="owner", b=kind).drop_nulls() for kind in KINDS}
        strong = join_sets(alone, pl.concat(edges[kind] for kind in KINDS[1:-1]))
        weak = join_sets(strong, edges["phone"])

        known = nodes["crm"].drop_nulls().unique()
        holders = pl.DataFrame({"group": weak.gather(known), "holder": strong.gather(known)})
        torn = holders.group_by("group").agg(col("holder").n_unique()).filter(col("holder") > 1)["group"]
        in_conflict, is_phone = col("weak").is_in(torn.implode()), alone >= first["phone"]
        sets = pl.DataFrame({"weak": weak, "strong": strong, "is_phone": is_phone})
        customer = sets.select(when(~in_conflict).then("weak").when(~col("is_phone")).then("strong")).to_series()
        self.of = {}
        for kind in KINDS:
            own = customer.slice(first[kind], self.sizes[kind])
            members = pl.DataFrame({"customer": own, "usable": self.usable[kind]})
            self.of[kind] = members.select(when("usable").then("customer")).to_series()

    def of_row(self, kinds: list[str]) -> pl.Expr:
        """The customer of a row: of its first usable key, a phone last. A colleague is none."""
        found = pl.coalesce(picked(self.of[kind], kind) for kind in kinds)
        return when(~holds(picked(self.colleague, "email"))).then(found)


def join_customers(interactions: pl.DataFrame, crm: pl.DataFrame, bought: pl.DataFrame) -> list[pl.DataFrame]:
    """Interactions and orders, each with its customer in place of keys."""
    columns = [*KINDS, "name"]
    keys = [table.select(c for c in columns if c in table.columns).unique() for table in (interactions, crm, bought)]
    customers = Customers(pl.concat(keys, how="diagonal"))
    contact_keys, order_keys = ["email", "external", "own", "phone"], ["email", "phone"]
    return [
        interactions.with_columns(customer=customers.of_row(contact_keys)).drop(*contact_keys, "name"),
        bought.select("at", "amount", customer=customers.of_row(order_keys)),
    ]


# --- Facts: what is true of each contact, whoever asks ----------------------------------------------------------------


def contacts_of(interactions: pl.DataFrame, as_of: int) -> pl.DataFrame:
    """Inbound interactions but for spam, merged and deleted ones, by customer and time, with what their cells say."""
    status, outcome, at = col("status"), col("outcome"), col("at")
    # A source in which nobody was ever lost does not know what was offered.
    lossy = interactions.filter(outcome.is_in(["abandoned", "missed"]))["source"].unique().implode()
    written = col("channel").is_in(["email", "web_form"])
    human = ~holds(col("bot"))
    answered, abandoned, missed = (human & holds(outcome == word) for word in ("answered", "abandoned", "missed"))

    # A length of time counts where there is no instant; what would lie before the start cannot be.
    by_length = when(status == "done", col("took") >= 0).then(at + col("took"))
    is_still_open = col("resolved_at").is_null() & holds(by_length > as_of)
    resolved_at = pl.coalesce("resolved_at", by_length)
    replied_at = at + when(col("replied_after") >= 0, written).then("replied_after")
    target = pl.coalesce(
        when(col("channel") == channel, lit(True) if priority is None else col("priority") == priority).then(within)
        for channel, priority, within in TARGETS
    )
    facts = interactions.lazy().filter(status.is_null() | status.is_in(["open", "done", "unresolved"]))
    facts = facts.with_columns(
        has_status=status.is_not_null(),
        is_open=holds(status == "open") | is_still_open,
        is_done=holds(status == "done") & ~is_still_open,
        is_unresolved=holds(status == "unresolved"),
        resolved_at=when(resolved_at.is_between(at, as_of), status.is_in(["open", "done"])).then(resolved_at),
        resolved_by_vendor=col("resolved_at").is_null(),
        is_written=written,
        replied_at=when(replied_at <= as_of).then(replied_at),
        target=target,
        is_call=col("channel") == "phone",
        is_answered=answered,
        is_abandoned=abandoned,
        is_offered=(answered | abandoned | missed) & col("source").is_in(lossy),
        wait=when(human, col("wait") >= 0).then("wait"),
        talk=when(col("talk") >= 0).then("talk"),
    )
    # A human took part, other than by a reply whose time is known.
    untimed_reply = col("replied_at").is_null() & holds(col("replies") > 0)
    is_touched = human & (holds(outcome == "answered") | holds(col("talk") > 0) | untimed_reply)
    facts = facts.with_columns(
        is_touched=is_touched,
        is_handled=is_touched | col("replied_at").is_not_null(),
        call_ended_at=at + col("wait") + col("talk"),
        ttr=when("is_done").then(col("resolved_at") - at),
    )
    facts = facts.sort("customer", "at", "source", "id", nulls_last=True)
    return facts.drop("source", "id", "status", "outcome", "bot", "priority", "took", "replied_after", "talk").collect()


def same_customer(other: pl.Expr) -> pl.Expr:
    """Whether this row and another one are of the same known customer."""
    return holds(col("customer") == other)


def next_with_topic(heads: pl.DataFrame) -> pl.Series:
    """The next contact of the same customer with the same topic, for contacts that have one."""
    by_topic = heads.select("customer", col("topic").to_physical(), "at", row=pl.int_range(pl.len()))
    by_topic = by_topic.sort("customer", "topic", maintain_order=True)
    is_same = same_customer(col("customer").shift(-1)) & holds(col("topic") == col("topic").shift(-1))
    return by_topic.select("row", next=when(is_same).then(col("at").shift(-1))).sort("row")["next"]


def with_neighbours(contacts: pl.DataFrame) -> pl.DataFrame:
    """Which calls go on with the one before; of all other contacts those before and after, by customer."""

    def of_answered_before(value: pl.Expr) -> pl.Expr:
        return when("is_call", "is_answered").then(value).forward_fill().shift(1)

    def of_topicless_after(value: pl.Expr) -> pl.Expr:
        return when(col("topic").is_null()).then(value).backward_fill().shift(-1)

    long_ago = -(2**62)  # in place of an end that is not known
    ended_at = of_answered_before(col("call_ended_at").fill_null(long_ago))
    soon_after = same_customer(of_answered_before(col("customer"))) & holds(col("at") <= ended_at + CALL_CONTINUES)
    contacts = contacts.with_columns(goes_on=col("is_call") & soon_after)
    is_head = col("customer").is_not_null() & ~col("goes_on")
    heads = contacts.filter(is_head)
    following = when(same_customer(col("customer").shift(-1))).then(col("at").shift(-1))
    topicless = when(same_customer(of_topicless_after(col("customer")))).then(of_topicless_after(col("at")))
    # A missing topic on either side matches.
    alike = when(col("topic").is_null()).then(following).otherwise(pl.min_horizontal(next_with_topic(heads), topicless))
    heads = heads.with_columns(
        previous_at=when(same_customer(col("customer").shift(1))).then(col("at").shift(1)),
        next_at=following,
        next_alike_at=alike,
    )
    return pl.concat([heads, contacts.filter(~is_head)], how="diagonal")


# --- Weeks: the last complete one and those before it, and when each is judged ----------------------------------------


def local(at: int) -> datetime:
    """An instant on the local clock."""
    return datetime.fromtimestamp(at / SECOND, ZoneInfo(ZONE))


def day_of(at: int) -> int:
    """The local day of an instant, counted from 1970."""
    return (local(at).date() - date(1970, 1, 1)).days


def midnight(day: int) -> int:
    """The instant at which a local day begins."""
    return round((datetime(1970, 1, 1, tzinfo=ZoneInfo(ZONE)) + timedelta(days=day)).timestamp() * SECOND)


def on_clock(name: str) -> pl.Expr:
    """Instants on the local clock."""
    return pl.from_epoch(name, "ms").dt.replace_time_zone("UTC").dt.convert_time_zone(ZONE)


def last_week(contacts: pl.DataFrame) -> int:
    """Monday of the last week whose final usual working hour the contacts have reached."""
    newest = contacts["at"].max()
    recent = contacts.filter(col("at") > newest - 56 * DAY)
    hours = recent.group_by(weekday=on_clock("at").dt.weekday(), hour=on_clock("at").dt.hour()).len().sort("hour")
    days = hours.group_by("weekday").agg(col("len").sum())
    final_day = days.filter(col("len") >= 0.05 * col("len").sum())["weekday"].max()
    final = hours.filter(weekday=final_day).filter(col("len").cum_sum() >= 0.95 * col("len").sum())
    now = local(newest)
    monday = day_of(newest) - now.weekday()
    return monday if (now.isoweekday(), now.hour) >= (final_day, final["hour"].min()) else monday - 7


def weeks_back(monday: int, as_of: int, first_at: int) -> tuple[pl.DataFrame, int]:
    """The last week, number 0, and those before it, each judged at its own end plus the same lag.

    Where the data end within the last week, every week is cut as long before its end. The second value is how many
    weeks a metric must step back that looks a week ahead.
    """
    lag = as_of - midnight(monday + 7)
    weeks, ripe = [], None
    while ripe is None or len(weeks) <= max(ripe, 1) + WATCHED_WEEKS:
        start, end = midnight(monday - 7 * len(weeks)), midnight(monday + 7 - 7 * len(weeks))
        judged_at = min(end + lag, as_of)
        to = judged_at + 1 if lag < -1 else end
        if ripe is None and to - 1 + REPEAT_WINDOW <= as_of:
            ripe = len(weeks)
        is_whole = day_of(start) >= day_of(first_at)
        name = "{}-W{:02}".format(*local(start).isocalendar())
        weeks.append((len(weeks), name, start, to, judged_at, min(to, as_of + 1), to > first_at, is_whole))
    columns = ["week", "name", "from", "to", "judged_at", "ends_at", "covered", "is_whole"]
    return pl.DataFrame(weeks, columns, orient="row"), ripe


LAST, BEFORE, AVERAGE = 0, 1, -1  # readings: the last week, those before it, and four of these together


def readings(newest: int, dimension: str = "") -> pl.LazyFrame:
    """Which weeks make a figure: each, by how far it lies before the newest; four together. Of groups the last two."""
    rows = [(n, newest + n) for n in ((LAST, BEFORE) if dimension else range(WATCHED_WEEKS + 1))]
    if not dimension:
        rows += [(AVERAGE, newest + n) for n in range(1, AVERAGED_WEEKS + 1)]
    return pl.LazyFrame(rows, {"reading": pl.Int8, "week": pl.Int64}, orient="row")


def placed(rows: pl.LazyFrame, weeks: pl.DataFrame, clock: str) -> pl.LazyFrame:
    """The rows that lie in one of the weeks by this clock, each with its week."""
    weeks = weeks.sort("from")
    rows = rows.filter(col(clock).is_between(weeks["from"][0], weeks["to"][-1], closed="left"))
    rows = rows.with_columns(place=lit(weeks["from"]).search_sorted(col(clock), side="right") - 1)
    rows = rows.with_columns(lit(weeks[name]).gather("place").alias(name) for name in ("week", "to", "judged_at"))
    return rows.filter(col(clock) < col("to"))


# --- Figures ----------------------------------------------------------------------------------------------------------

Figures = dict[str, pl.Expr]
Z95 = 1.959963984540054  # the 97.5 % point of the normal distribution


def seconds(millis: pl.Expr) -> pl.Expr:
    return millis / SECOND


def share(name: str, part: pl.Expr, of: pl.Expr) -> Figures:
    """Rows of a part that are also in the whole, over those of the whole; and how many these are."""
    return {name: (part & of).sum() / of.sum(), name + "_n": of.sum()}


def within(name: str, millis: pl.Expr) -> Figures:
    """Half within, nine in ten within, the mean; and of how many."""
    return {
        name + "_p50": seconds(millis.quantile(0.5, "linear")),
        name + "_p90": seconds(millis.quantile(0.9, "linear")),
        name + "_mean": seconds(millis.mean()),
        name + "_n": millis.count(),
    }


def wilson(part, n, root):
    """The 95 % interval of a share (Wilson 1927), of numbers as of expressions."""
    centre, spread = part + Z95**2 / (2 * n), Z95 * root(part * (1 - part) / n + Z95**2 / (4 * n * n))
    return [bound / (1 + Z95**2 / n) for bound in (centre - spread, centre + spread)]


def replies() -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Whether a reply had come by the judging instant, whether one was waited for, and how long it took or takes."""
    at, judged_at = col("at"), col("judged_at")
    replied = holds(col("replied_at") <= judged_at)
    resolved_later, replied_later = holds(col("resolved_at") > judged_at), holds(col("replied_at") > judged_at)
    waiting = col("is_written") & ~replied & (col("is_open") | (col("is_done") & resolved_later) | replied_later)
    return replied, waiting, when(replied).then(col("replied_at") - at).when(waiting).then(judged_at - at)


def waits() -> pl.Expr:
    picked_up = (col("at") + col("wait") <= col("judged_at")).fill_null(True)
    return when(col("is_answered"), picked_up).then("wait")


def verdicts() -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Whether a target fell due, whether it was met, and by how much it was missed."""
    at, judged_at = col("at"), col("judged_at")
    replied, waiting, _ = replies()
    due, met = holds(at + col("target") <= judged_at), holds(col("replied_at") - at <= col("target"))
    late_by = when(replied).then("replied_at").otherwise(judged_at) - at - col("target")
    return due, met, when(due, ~met, replied | waiting).then(late_by)


def response_figures() -> Figures:
    """First replies, waits and calls, by the start."""
    due, met, late_by = verdicts()
    offered = col("is_call") & col("is_offered") & ~(col("is_answered") & col("wait").is_null())
    return {
        "contacts": pl.len(),
        **within("frt", replies()[2]),
        **within("wait", waits()),
        **share("response_sla", met, due),
        "response_sla_late_p50": seconds(late_by.quantile(0.5, "linear")),
        "response_sla_late_n": late_by.count(),
        **share("service_level", col("is_answered") & holds(col("wait") <= ANSWER_WITHIN), offered),
        **share("abandonment", col("is_abandoned"), col("is_offered")),
    }


def state_figures(as_of: int, first_at: int) -> Figures:
    """Resolved or not, and come back or not, by the start."""
    at, judged_at = col("at"), col("judged_at")
    is_undated = col("is_done") & col("resolved_at").is_null() & (judged_at < as_of)
    resolved = col("is_done") & (col("resolved_at") <= judged_at).fill_null(True)
    judged = col("has_status") & ~is_undated
    handled = col("is_touched") | holds(col("replied_at") <= judged_at)
    heads = col("customer").is_not_null() & ~col("goes_on") & (at >= first_at + REPEAT_WINDOW)
    return {
        **share("resolution_rate", resolved, judged),
        **share("resolved_handled", resolved, judged & handled),
        **share("repeat_contacts", holds(at - col("previous_at") <= REPEAT_WINDOW), heads),
    }


def repeat_figures(as_of: int) -> Figures:
    """What the week after a contact shows, by the start."""
    at = col("at")
    heads = col("customer").is_not_null() & ~col("goes_on") & (at + REPEAT_WINDOW <= as_of)
    first = heads & col("is_handled") & (~col("is_call") | col("is_answered"))
    unsolved = col("is_open") | col("is_unresolved") | holds(col("resolved_at") - at > REPEAT_WINDOW)
    came_back = holds(col("next_alike_at") - at <= REPEAT_WINDOW)
    followed = holds(col("next_at") - at <= REPEAT_WINDOW)
    return share("fcr", ~(came_back | unsolved), first) | share("repeat_rate", followed, heads)


def resolution_figures() -> Figures:
    """Contacts by their last resolution."""
    return {"resolved": col("is_done").sum()} | within("ttr_full", col("ttr"))


def one_touch_figures(as_of: int) -> Figures:
    """One reply and no reopening, by the resolution."""
    judged = holds(col("replies") > 0) & (col("resolved_at") + WATCHED <= as_of)
    reopened = col("is_open") | holds(col("reopens") > 0)
    return share("one_touch", holds(col("replies") == 1) & ~reopened, judged)


def rating_figures() -> Figures:
    """Satisfied answers and their interval."""
    n, satisfied = pl.len().cast(pl.Float64), col("satisfied").mean()
    low, high = (bound.clip(0, 1) for bound in wilson(satisfied, n, pl.Expr.sqrt))
    return {"csat": satisfied, "csat_n": n, "csat_low": low, "csat_high": high}


def told(metric: str, **counts: pl.Expr) -> Figures:
    """What a metric leaves out, or counts in a way worth telling, as figures of their own."""
    return {f"{metric}:note:{TOLD[name]}": holds(rows).sum() for name, rows in counts.items()}


TOLD = {
    "waiting": "still waiting, with their present wait",
    "vendor": "by the vendor's own duration",
    "silent": "over, or of unknown state, without a reply",
    "undated_reply": "replied to at an unknown time",
    "unknown_wait": "answered, wait unknown",
    "late": "late",
    "not_due": "not yet due",
    "unknown_state": "state unknown",
    "undated": "resolved at an unknown time",
    "unknown": "unknown customer",
    "early": "in the data's first days",
    "of_unknown": "contacts of unknown customers",
    "continued": "goes on with the call before",
    "unknown_replies": "number of replies unknown",
    "unwatched": "reopenings unknown",
    "borrowed": "placed by resolution or start",
}


def told_by_start(as_of: int, first_at: int) -> Figures:
    at, unknown = col("at"), col("customer").is_null()
    replied, waiting, _ = replies()
    due, _, late_by = verdicts()
    without_wait = col("is_answered") & col("wait").is_null()
    unanswered = col("is_written") & ~replied & ~waiting
    targeted = col("target").is_not_null() & col("is_written") & (replied | ~col("is_touched"))
    undated = col("is_done") & col("resolved_at").is_null() & (col("judged_at") < as_of)
    early = ~unknown & ~col("goes_on") & (at < first_at + REPEAT_WINDOW)
    vendor = col("is_written") & replied  # an export in minutes has nothing else
    return {
        **told("frt", waiting=waiting, vendor=vendor, silent=unanswered & ~col("is_touched")),
        **told("frt", undated_reply=unanswered & col("is_touched")),
        **told("wait", unknown_wait=without_wait),
        **told("response_sla", late=late_by.is_not_null(), not_due=targeted & ~due),
        **told("service_level", unknown_wait=without_wait & col("is_call") & col("is_offered")),
        **told("resolution_rate", unknown_state=~col("has_status"), undated=undated),
        **told("repeat_contacts", unknown=unknown, early=early),
        **told("customers", of_unknown=unknown),
    }


def told_of_repeats() -> Figures:
    unknown, handled = col("customer").is_null(), col("is_handled")
    continued = ~unknown & col("goes_on") & handled
    return told("fcr", unknown=unknown & handled, continued=continued) | told("repeat_rate", unknown=unknown)


def told_by_resolution() -> Figures:
    return told("ttr_full", vendor=col("ttr").is_not_null() & col("resolved_by_vendor"))


def told_of_touches() -> Figures:
    unwatched = (col("replies") > 0) & col("reopens").is_null()
    return told("one_touch", unknown_replies=col("replies").is_null(), unwatched=unwatched)


def long(table: pl.LazyFrame, dimension: str = "") -> pl.LazyFrame:
    """A row a figure: by what it is split, key, figure, reading, value."""
    key = col("key").cast(pl.String).fill_null("(none)") if dimension else lit("total")
    table = table.with_columns(pl.exclude("reading", "key").cast(pl.Float64), col("reading").cast(pl.Int8), key=key)
    figures = table.unpivot(index=["reading", "key"], variable_name="figure")
    return figures.with_columns(dimension=lit(dimension)).select("dimension", "key", "figure", "reading", "value")


def grouped(rows: pl.LazyFrame, newest: int, dimension: str = "", only: int | None = None):
    """The rows of the weeks that are shown, by reading and by what they are split by."""
    weeks = readings(newest, dimension)
    weeks = weeks if only is None else weeks.filter(reading=only)
    return rows.join(weeks, on="week").group_by("reading", **({"key": dimension} if dimension else {}))


def split(
    rows: pl.LazyFrame, newest: int, figures: Figures, dimensions: list[str], only: int | None = None
) -> list[pl.LazyFrame]:
    """Figures of all rows, and of the groups of each dimension, for each reading."""
    return [long(grouped(rows, newest, name, only).agg(**figures), name) for name in ["", *dimensions]]


EVER = 10**6
AGES_OF = {"0_1d": (0, 1), "1_3d": (1, 3), "3_7d": (3, 7), "7_30d": (7, 30), "30d": (30, EVER), "over_7d": (7, EVER)}


def backlog(contacts: pl.DataFrame, weeks: pl.DataFrame) -> list[pl.LazyFrame]:
    """What is open at the end of each week, by age; the average is the mean of the weeks."""
    weeks = weeks.filter(col("week") <= WATCHED_WEEKS)
    over_at = when("is_done").then("resolved_at")
    cases = contacts.lazy().filter(col("is_open") | (over_at >= weeks["ends_at"].min()))
    cases = cases.select("at", "channel", "team", "replied_at", "is_touched", over_at=over_at).collect()

    def open_at(week: int, to: int, judged_at: int, ends_at: int) -> pl.LazyFrame:
        rows = cases.lazy().filter(col("at") < to, ~holds(col("over_at") < ends_at))
        is_untouched = ~(holds(col("replied_at") < ends_at) | col("is_touched"))
        return rows.select("channel", "team", week=week, age=min(to, judged_at) - col("at"), is_untouched=is_untouched)

    ends = weeks.select("week", "to", "judged_at", "ends_at")
    open_rows = pl.concat([open_at(*week) for week in ends.rows()]).collect().lazy()
    age = col("age")
    counts = {
        "backlog": pl.len(),
        **{
            f"backlog_{name}": age.is_between(a * DAY if a else -1, b * DAY, closed="right").sum()
            for name, (a, b) in AGES_OF.items()
        },
        "backlog_untouched": col("is_untouched").sum(),
    }

    def by(dimension: str) -> pl.LazyFrame:
        key = col(dimension) if dimension else lit(None, pl.String)
        # A group that has begun and has nothing open has none, which is not the same as missing.
        first = contacts.lazy().group_by(key=key).agg(pl.min("at"))
        begun = first.join(ends.lazy(), how="cross").filter(col("at") < col("to"))
        found = open_rows.group_by("week", key=key).agg(**counts, backlog_oldest=seconds(age.max()))
        table = begun.select("week", "key").join(found, on=["week", "key"], how="left", nulls_equal=True)
        table = table.with_columns(col(list(counts)).fill_null(0)).join(readings(0, dimension), on="week")
        return long(table.group_by("reading", "key").agg(pl.exclude("week").mean()), dimension)

    return [by(dimension) for dimension in ("", "channel", "team")]


def flow(contacts: pl.LazyFrame, weeks: pl.DataFrame) -> list[pl.LazyFrame]:
    """What was open before a week, what started in it, what is open after it.

    No export here tells of reopenings, or of when what was merged or deleted was open.
    """
    over_at = when("is_done").then("resolved_at")
    cases = contacts.filter(col("is_open") | over_at.is_not_null())

    def of(reading: int, start: int, end: int) -> pl.LazyFrame:
        def open_at(instant: int) -> pl.Expr:
            return ((col("at") < instant) & ~holds(over_at < instant)).sum()

        counts = {"opening": open_at(start), "closing": open_at(end)}
        counts["started"] = col("at").is_between(start, end, closed="left").sum()
        return cases.select(reading=lit(reading), **counts, reopened=0, merged=0, deleted=0)

    return [long(of(*week)) for week in weeks.select("week", "from", "ends_at").head(2).rows()]


def reach(begun: pl.LazyFrame, weeks: pl.DataFrame, orders_at: pl.LazyFrame) -> list[pl.LazyFrame]:
    """Shares of channels, customers and whether they came back, orders. Over several weeks a share is sum over sum."""
    known = begun.filter(col("customer").is_not_null()).select("week", "customer", "channel").unique()
    guests = known.group_by("week", "customer").agg(several=pl.len() > 1)
    came = guests.select("week", "customer", came=True)

    def returning(rows: pl.LazyFrame, dimension: str = "") -> pl.LazyFrame:
        """Of a week's customers those who came in the week after it, under the number of that."""
        rows = rows.with_columns(col("week") - 1).join(came, on=["week", "customer"], how="left")
        found = grouped(rows, 0, dimension).agg(contact_return=holds(col("came")).mean(), contact_return_n=pl.len())
        return long(found, dimension)

    def shares(rows: pl.LazyFrame, everyone: pl.LazyFrame, name: str) -> pl.LazyFrame:
        parts = grouped(rows, 0, "channel").agg(part=pl.len()).join(everyone.select("reading", all=name), on="reading")
        named = {name: "part", name + "_share": col("part") / col("all")}
        return long(parts.select("reading", "key", **named), "channel")

    volume = grouped(begun, 0).agg(contacts=pl.len())
    customers = {"customers": pl.len(), "multi_channel": col("several").mean(), "multi_channel_n": pl.len()}
    everyone = grouped(guests, 0).agg(**customers)
    bought = grouped(placed(orders_at, weeks, "at"), 0).agg(contacts_per_100_orders_n=pl.len())
    per_order = 100 * col("contacts") / col("contacts_per_100_orders_n")
    bought = bought.join(volume, on="reading").with_columns(contacts_per_100_orders=per_order).drop("contacts")
    # All of it is the whole; and no export here asks whether customers would recommend the shop.
    certain = readings(0).select("reading").unique().with_columns(contacts_share=1, customers_share=1, nps_n=0)
    of_contacts = shares(begun, volume, "contacts").filter(figure="contacts_share")
    charted = begun.filter(col("week") < CHARTED_WEEKS).group_by(reading="week", key="channel").agg(charted=pl.len())
    charted = long(charted, "channel")
    by_channel = [of_contacts, charted, shares(known, everyone, "customers"), returning(known, "channel")]
    return [*map(long, (everyone, bought, certain)), returning(guests), *by_channel]


# --- Changes: how far they could be chance, where contacts of one customer are alike ----------------------------------


def errors(begun: pl.LazyFrame, resolved: pl.LazyFrame) -> list[pl.LazyFrame]:
    """The standard error of the change of each duration since the week before."""
    names = ["channel", "team", "topic"]
    # A row without a customer stands by itself.
    whose = pl.coalesce(col("customer").cast(pl.Int64), -1 - pl.int_range(pl.len()))

    def of_two_weeks(rows: pl.LazyFrame, **millis: pl.Expr) -> pl.LazyFrame:
        return rows.filter(col("week") <= BEFORE).select(*names, reading="week", customer=whose, **millis)

    started = of_two_weeks(begun, frt=replies()[2], wait=waits(), response_sla_late=verdicts()[2])
    found = []
    for rows in pl.collect_all([started, of_two_weeks(resolved, ttr_full="ttr")]):
        for metric in rows.columns[len(names) + 2 :]:
            known = rows.lazy().filter(col(metric).is_not_null()).rename({metric: "value"})
            split_by = names if metric != "response_sla_late" else []
            found += [of_quantiles(known, metric, name) for name in ("", *split_by)]
            found += [of_mean(known, metric)] if metric in ("frt", "wait") else []
    return found


def at_share(ordered: pl.Expr, share: pl.Expr) -> pl.Expr:
    """A quantile of an ascending list by linear interpolation (type 7); of a share that is no number there is none."""
    place = share * (ordered.list.len() - 1)
    ends = (end.cast(pl.Int64, strict=False) for end in (place.floor(), place.ceil()))
    low, high = (ordered.list.get(end, null_on_oob=True) for end in ends)
    return low + (place - place.floor()) * (high - low)


QUANTILES = {"p50": 0.5, "p90": 0.9}


def of_quantiles(rows: pl.LazyFrame, metric: str, dimension: str) -> pl.LazyFrame:
    """By Woodruff (1952): the 95 % interval of the share at or below a quantile, read as quantiles.

    Half of it is 1.96 standard errors. None where it reaches past the first or the last value.
    """
    key = {"key": dimension} if dimension else {}
    groups = ["reading", *key]
    rows = rows.select("reading", "customer", "value", **key)
    ordered = rows.group_by(groups).agg(
        col("value").sort(), **{name: col("value").quantile(q, "linear") for name, q in QUANTILES.items()}
    )
    below = {name: (col("value") <= col(name)).sum() for name in QUANTILES}
    clusters = rows.join(ordered.select(*groups, *QUANTILES), on=groups, nulls_equal=True)
    clusters = clusters.group_by(*groups, "customer").agg(n=pl.len().cast(pl.Int64), **below)
    n, count = col("n"), pl.len()

    def spread(name: str) -> pl.Expr:
        part = (col(name) - col(name).sum() / n.sum() * n) / n.sum()
        return Z95 * (count / (count - 1) * (part**2).sum()).sqrt()

    spreads = clusters.group_by(groups).agg(**{name: spread(name) for name in QUANTILES})
    both = ordered.select(*groups, "value").join(spreads, on=groups, nulls_equal=True)

    def error(name: str, q: float) -> pl.Expr:
        inside = (q - col(name) >= 0) & (q + col(name) <= 1)
        width = at_share(col("value"), q + col(name)) - at_share(col("value"), q - col(name))
        return when(inside).then(seconds(width) / (2 * Z95)).alias(f"{metric}_{name}")

    found = both.select(*groups, *(error(name, q) for name, q in QUANTILES.items()))
    return long(found, dimension).filter(col("value").is_finite())


def of_mean(rows: pl.LazyFrame, metric: str) -> pl.LazyFrame:
    """Of the change of a mean, from each customer's part in both weeks together (Binder 1983)."""
    means = rows.group_by("reading").agg(mean=col("value").mean(), rows=pl.len())
    sign = when(reading=LAST).then(1).otherwise(-1)
    parts = rows.join(means, on="reading").select("customer", z=sign * (col("value") - col("mean")) / col("rows"))
    sums = parts.group_by("customer").agg(col("z").sum())
    error = seconds((pl.len() / (pl.len() - 1) * (col("z") ** 2).sum()).sqrt())
    return long(sums.select(error.alias(metric + "_mean"), reading=lit(LAST)))


SHARES = (
    "response_sla service_level abandonment resolution_rate resolved_handled repeat_contacts fcr repeat_rate one_touch "
    "csat retention contact_return multi_channel"
).split()
COUNTED = "contacts resolved customers csat_n opening started reopened merged deleted closing".split()
COUNTED += ["backlog", "backlog_untouched", *(f"backlog_{name}" for name in AGES_OF)]
# Of later rows, so that other groups than those of the week may have them.
RIPE = ["fcr", "repeat_rate", "one_touch"]


def newcombe(part: float, n: float, part_before: float, n_before: float) -> tuple[float, float]:
    """The 95 % interval of the difference of two shares (Newcombe 1998)."""
    n, n_before = round(n), round(n_before)
    now, before = round(part * n) / n, round(part_before * n_before) / n_before
    (low, high), (low_before, high_before) = wilson(now, n, math.sqrt), wilson(before, n_before, math.sqrt)
    change = now - before
    return change - math.hypot(now - low, high_before - before), change + math.hypot(high - now, before - low_before)


class Change:
    """Figures of the last week beside those of the week before."""

    def __init__(self, figures: pl.DataFrame, found: pl.DataFrame):
        self.now, self.before = (self.of(figures, reading) for reading in (LAST, BEFORE))
        self.error = [self.of(found, reading) for reading in (LAST, BEFORE)]

    def of(self, figures: pl.DataFrame, reading: int) -> dict[tuple[str, str, str], float]:
        rows = figures.filter(col("value").is_finite(), reading=reading)
        return {tuple(place): value for *place, value in rows.select("dimension", "key", "figure", "value").rows()}

    def interval(self, place: tuple[str, str, str]) -> tuple[float, float] | None:
        """The 95 % interval of a change; None where there is too little for one."""
        dimension, key, figure = place
        now, before = self.now[place], self.before[place]
        n_place = (dimension, key, n_of(figure))
        n, m = self.now.get(n_place), self.before.get(n_place)
        if figure in SHARES:
            return newcombe(now, n, before, m)
        if figure in ("csat_low", "csat_high"):
            return self.interval((dimension, key, "csat"))
        if figure.endswith("_share"):
            part = (dimension, key, figure.removesuffix("_share"))
            return newcombe(now, self.now[part] / now, before, self.before[part] / before)
        if figure in COUNTED:
            spread = math.sqrt(now + before)
        elif figure == "contacts_per_100_orders":
            spread = math.sqrt(100 * now / n + 100 * before / m)
        elif figure.endswith("_mean"):
            spread = self.error[0].get(place)
        else:
            both = [error.get(place) for error in self.error]
            spread = None if None in both else math.hypot(*both)
        return None if spread is None else (now - before - Z95 * spread, now - before + Z95 * spread)

    def lines(self) -> pl.LazyFrame:
        """The intervals, and a mark where no change at all is among what it could be."""
        rows = []
        for place in self.now.keys() & self.before.keys():
            dimension, key, figure = place
            is_n = figure.endswith("_n") and figure != "csat_n"
            if is_n or ":" in figure or figure in ("backlog_oldest", "charted"):
                continue
            low, high = self.interval(place) or (None, None)
            rows += [(dimension, key, figure + ":change_low", low), (dimension, key, figure + ":change_high", high)]
            rows += [(dimension, key, figure + ":chance", float(low is None or low <= 0 <= high))]
        schema = {"dimension": pl.String, "key": pl.String, "figure": pl.String, "value": pl.Float64}
        frame = pl.LazyFrame([row for row in rows if row[-1] is not None], schema, orient="row")
        marks = ~col("figure").str.ends_with(":chance") | (col("value") > 0)
        return frame.filter(marks).select("dimension", "key", "figure", reading=lit(LAST, pl.Int8), value="value")


def usual(figures: pl.LazyFrame) -> pl.LazyFrame:
    """The limits that weeks stay within while nothing changes (Wheeler 1993), and whether the last one does not."""
    totals = figures.filter(col("value").is_finite(), dimension="").filter(col("reading") >= LAST).sort("reading")
    value, is_earlier = col("value"), col("reading") >= BEFORE
    spread = 2.66 * value.filter(is_earlier).diff().abs().mean()
    mean, last = value.filter(is_earlier).mean(), value.filter(~is_earlier).first()
    bounds = {"low": mean - spread, "high": mean + spread}
    limits = totals.group_by("dimension", "key", "figure").agg(**bounds, last=last, weeks=is_earlier.sum())
    limits = limits.filter(col("weeks") >= ENOUGH_WEEKS)
    unusual = when((col("last") < col("low")) | (col("last") > col("high"))).then(1.0)
    names = {"usual_low": "low", "usual_high": "high", "unusual": unusual}
    return pl.concat(
        limits.select("dimension", "key", col("figure") + f":{name}", reading=lit(LAST, pl.Int8), value=bound)
        for name, bound in names.items()
    ).drop_nulls("value")


# --- Retention: orders of known customers over months and trailing windows --------------------------------------------


def table_rows(table: str, rows: list[tuple[str, str, float]]) -> pl.LazyFrame:
    """Finished lines of the report: key, column, value."""
    frame = pl.LazyFrame(rows, {"key": pl.String, "column": pl.String, "value": pl.Float64}, orient="row")
    return frame.select(lit(table).alias("table"), "key", "column", "value")


class Loyalty:
    """On which local days known customers ordered."""

    def __init__(self, bought: pl.DataFrame, as_of: int):
        seen = bought.filter(col("at") <= as_of)
        self.first_day, self.newest = day_of(seen["at"].min()), seen["at"].max()
        self.orders = seen.drop_nulls("customer").select("customer", "amount", day=on_clock("at").dt.date()).lazy()
        self.days = self.orders.select("customer", "day").unique()

    def active(self, start: int, end: int) -> pl.LazyFrame:
        """Customers with an order on a day in `[start, end)`."""
        day = col("day").to_physical()
        return self.days.filter(day >= start, day < end).select("customer", is_active=True).unique()

    def landmark(self, until: int) -> int | None:
        """The day between two windows of which the later has just ended; none where orders begin within the earlier."""
        middle = day_of(min(self.newest, until)) - ACTIVE_DAYS
        return middle if self.first_day <= middle - ACTIVE_DAYS else None

    def retention(self, reading: int, until: int) -> list[pl.LazyFrame]:
        """Of the customers active in one window the share active in the next."""
        if (middle := self.landmark(until)) is None:
            return []
        base = self.active(middle - ACTIVE_DAYS, middle).select("customer")
        base = base.join(self.active(middle, middle + ACTIVE_DAYS), on="customer", how="left")
        kept = base.select(reading=lit(reading), retention=holds(col("is_active")).mean(), retention_n=pl.len())
        return [long(kept.first())]

    def cohorts(self, as_of: int) -> pl.LazyFrame:
        """Of the customers first active in a month the share active in each later month that is over."""
        today = local(min(self.newest, as_of) + 1)
        last_full = today.year * 12 + today.month - 2
        month = col("day").dt.year() * 12 + col("day").dt.month() - 1
        months = self.days.select("customer", month=month).unique()
        firsts = months.group_by("customer").agg(first=col("month").min())
        # Who is seen in the data's first month may not be new.
        months = months.join(firsts, on="customer").filter(col("first") > col("first").min())
        active = months.filter(col("month") <= last_full).group_by("first", after=col("month") - col("first")).len()
        size = active.filter(after=0).select("first", size="len")
        ages = pl.int_ranges(0, pl.min_horizontal(last_full - col("first"), 12) + 1, dtype=pl.Int32)
        cells = size.with_columns(after=ages).explode("after").join(active, on=["first", "after"], how="left")
        name = pl.format("{}-{}", col("first") // 12, (col("first") % 12 + 1).cast(pl.String).str.zfill(2))
        cells = cells.with_columns(key=name, share=col("len").fill_null(0) / col("size"))
        later, month_n = col("after") > 0, pl.format("month_{}", "after")
        lines = [(~later, lit("customers"), "size"), (later, month_n, "share"), (later, month_n + ":n", "size")]
        return pl.concat(
            cells.filter(rows).select(table=lit("cohorts"), key="key", column=column, value=col(value).cast(pl.Float64))
            for rows, column, value in lines
        )

    def experience(self, contacts: pl.DataFrame, as_of: int) -> pl.LazyFrame:
        """Whether customers with a bad experience stay away more often. Contacts come by customer and time."""
        middle = self.landmark(as_of + 1)
        if middle is None:
            return table_rows("experience", [])
        before = midnight(middle)
        is_early = col("at") < before
        unhappy = holds(~col("satisfied")) & (pl.coalesce("resolved_at", "at") < before)
        in_time = holds(col("replied_at") - col("at") <= col("target"))
        missed_target = holds(col("at") + col("target") <= before) & ~in_time
        crowd = (col("at") - col("at").shift(2) <= 7 * DAY) & same_customer(col("customer").shift(2))
        bad = unhappy | (is_early & (missed_target | holds(crowd)))
        last_call = {
            name: when(is_early, "is_call", name).then("row").max() for name in ("is_abandoned", "is_answered")
        }
        given_up = last_call["is_abandoned"] > last_call["is_answered"].fill_null(0)
        customers = contacts.lazy().filter(col("customer").is_not_null()).with_row_index("row", 1).group_by("customer")
        customers = customers.agg(contacts=is_early.sum(), is_bad=bad.any() | holds(given_up))
        customers = customers.filter(col("contacts") > 0)
        day = col("day").to_physical()
        after = self.orders.filter(day >= middle, day < middle + ACTIVE_DAYS)
        spent = after.group_by("customer").agg(col("amount").sum(), is_active=True)
        customers = customers.join(spent, on="customer", how="left")
        strata = customers.group_by("is_bad", contacts=col("contacts").clip(upper_bound=MANY_CONTACTS)).agg(
            left=col("is_active").is_null().sum(), all=pl.len(), revenue=col("amount").sum()
        )
        return table_rows("experience", compared(strata.collect()))


def compared(strata: pl.DataFrame) -> list[tuple[str, str, float]]:
    """Who left, who ordered and for how much, with and without a bad experience; and how many times as often they left.

    That of all, and among customers with as many contacts (Mantel and Haenszel 1959; Greenland and Robins 1985).
    """
    sides = {
        name: strata.filter(is_bad=is_bad).select(col("left", "all", "revenue").sum()).row(0)
        for name, is_bad in (("bad", True), ("not bad", False))
    }
    if min(n for _, n, _ in sides.values()) < SMALLEST_GROUP:
        return []
    rows = []
    for name, (left, n, revenue) in sides.items():
        figures = {"customers": n, "revenue": revenue / n, "revenue:n": n}
        for column, part in (("not_active", left), ("bought", n - left)):
            low, high = wilson(part / n, n, math.sqrt)
            figures |= {column: part / n, column + ":n": n, column + ":low": low, column + ":high": high}
        rows += [(name, column, float(value)) for column, value in figures.items()]
    a, b = (strata.filter(is_bad=is_bad).select("contacts", "left", "all") for is_bad in (True, False))
    alike = [row[1:] for row in a.join(b, on="contacts").rows()]
    for name, parts in (("relative_risk", [(*sides["bad"][:2], *sides["not bad"][:2])]), ("same_contacts", alike)):
        above, under = sum(a * m / (n + m) for a, n, b, m in parts), sum(b * n / (n + m) for a, n, b, m in parts)
        if above and under:
            variance = sum((n * m * (a + b) - a * b * (n + m)) / (n + m) ** 2 for a, n, b, m in parts) / (above * under)
            risk, spread = above / under, math.exp(Z95 * math.sqrt(variance))
            rows += [("bad", name, risk), ("bad", name + ":low", risk / spread), ("bad", name + ":high", risk * spread)]
    return rows


# --- The report: which table shows which figures ----------------------------------------------------------------------

AGES = "backlog_0_1d backlog_1_3d backlog_3_7d backlog_7_30d backlog_30d backlog"
CSAT = "csat csat_low csat_high csat_n"
# Of all rows, with the average of four weeks.
LEDGERS = {
    "summary": "contacts contacts_per_100_orders resolved backlog backlog_over_7d response_sla frt_p50 frt_p90 "
    "service_level abandonment resolution_rate resolved_handled repeat_contacts fcr csat retention",
    "response": "response_sla response_sla_late_p50 frt_p50 frt_p90 frt_mean wait_p50 wait_p90 wait_mean service_level "
    "abandonment",
    "resolution": "resolution_rate resolved_handled resolved ttr_full_p50 ttr_full_p90 one_touch fcr repeat_rate "
    "repeat_contacts backlog backlog_over_7d backlog_untouched backlog_oldest",
    "retention": "retention contact_return customers",
    "channels": "contacts contacts_per_100_orders customers multi_channel",
    "satisfaction": "csat nps",
}
FLOW = "opening started reopened resolved merged deleted closing"
# By a dimension, with a total.
GRIDS = {
    ("response_by_channel", "channel"): "frt_p50 frt_p90 response_sla wait_p50 wait_p90 abandonment",
    ("response_by_team", "team"): "frt_p50 frt_p90 response_sla wait_p50 abandonment",
    ("response_by_topic", "topic"): "frt_p50 frt_p90 response_sla wait_p50",
    ("resolution_by_channel", "channel"): "resolution_rate resolved ttr_full_p50 fcr repeat_contacts backlog",
    ("resolution_by_team", "team"): "resolution_rate resolved ttr_full_p50 one_touch backlog",
    ("resolution_by_topic", "topic"): "contacts ttr_full_p50 fcr repeat_contacts",
    ("backlog_by_age", "channel"): AGES,
    ("mix", "channel"): "contacts contacts_share customers customers_share contact_return",
    ("satisfaction_by_channel", "channel"): CSAT,
    ("satisfaction_by_team", "team"): CSAT,
}
# Page one's lines of channels: what stands beside the week before, and what stands alone.
COMPARED, ALONE = "frt_p50 wait_p50", "contacts contacts_share csat"


def n_of(figure: str) -> str | None:
    """The figure that says how many rows another one counts."""
    if figure.startswith("backlog") or figure.endswith("_share") or figure in COUNTED and figure != "csat_n":
        return None
    return re.sub("(_p50|_p90|_mean|_low|_high|_n)$", "", figure) + "_n"


def cells(table: str, dimension: str, figures: str, suffixes: dict[str, int]) -> list[tuple[str, ...]]:
    """What a table shows: dimension, figure, reading, and the column that it stands in."""
    found = []
    for figure in figures.split():
        found += [(figure, reading, figure + suffix) for suffix, reading in suffixes.items()]
        beside = ["change_low", "change_high", "chance"]
        found += [(f"{figure}:{name}", LAST, f"{figure}:{name}") for name in beside]
        metric = re.sub("(_late)?(_p50|_p90|_mean)$", "", figure)
        found += [(f"{metric}:note:{label}", LAST, f"{figure}:note:{label}") for label in TOLD.values()]
        found += [(n, LAST, figure + ":n") for n in [n_of(figure)] if n]
        found += [(f"csat_{bound}", LAST, f"csat:{bound}") for bound in ("low", "high") if figure == "csat"]
    return [(table, dimension, *cell) for cell in found]


def weekly(table: str, figures: str, weeks: pl.DataFrame, ripe: int) -> list[tuple[str, ...]]:
    """What a table of totals shows of all weeks: each of them, their limits, the average of four."""
    found = []
    for figure in figures.split():
        found += [(f"{figure}:{name}", LAST, f"{figure}:{name}") for name in ("usual_low", "usual_high", "unusual")]
        found.append((figure, AVERAGE, figure + ":average"))
        newest = ripe if figure in RIPE else 0
        shown = weeks.slice(newest, 0 if figure == "retention" else WATCHED_WEEKS + 1).filter("is_whole")
        names = shown.select(col("week") - newest, "name").rows()
        found += [(figure, back, f"{figure}:series:{name}") for back, name in names]
    return [(table, "", *cell) for cell in found]


def layout(weeks: pl.DataFrame, ripe: int) -> pl.DataFrame:
    """All cells of the report, but for the keys of groups."""
    two = {"": LAST, ":previous": BEFORE}
    rows = cells("flow", "", FLOW, two)
    for table, figures in LEDGERS.items():
        rows += cells(table, "", figures, two) + weekly(table, figures, weeks, ripe)
    for (table, dimension), figures in GRIDS.items():
        rows += cells(table, dimension, figures, two) + cells(table, "", figures, two)
    for figures, suffixes in ((COMPARED, two), (ALONE, {"": LAST})):
        rows += cells("summary_by_channel", "channel", figures, suffixes)
    charted = weeks.head(CHARTED_WEEKS).filter("is_whole").select("week", "name").rows()
    for table in ("summary_by_channel", "mix"):
        rows += [(table, "channel", "charted", week, f"contacts:series:{name}") for week, name in charted]
    schema = ["table", "dimension", "figure", "reading", "column"]
    return pl.DataFrame(rows, schema, orient="row").with_columns(col("reading").cast(pl.Int8))


def with_nothing(figures: pl.DataFrame) -> pl.DataFrame:
    """A group in which one thing is counted has none of the others, which is not the same as missing."""
    kinds = ["contacts", "resolved", "customers", "csat_n"]
    later = col("figure").str.contains("^(" + "|".join(RIPE) + ")(_n|:.*)?$")
    groups = figures.filter(col("reading") >= LAST, ~later, col("figure") != "charted")
    wanted = groups.select("dimension", "key", "reading").unique().join(pl.DataFrame({"figure": kinds}), how="cross")
    places = ["dimension", "key", "figure", "reading"]
    missing = wanted.join(figures, on=places, how="anti").select(*places, value=lit(0.0))
    return pl.concat([figures, missing])


def report(contacts: pl.DataFrame, bought: pl.DataFrame, as_of: int) -> pl.DataFrame:
    """All figures of the report: table, key, column, value."""
    first_at = contacts["at"].min()
    weeks, ripe = weeks_back(last_week(contacts), as_of, first_at)
    loyalty = Loyalty(bought, as_of)
    rows = with_neighbours(contacts).lazy()
    begun, resolved = placed(rows, weeks, "at"), placed(rows, weeks, "resolved_at")
    rated = rows.filter(col("satisfied").is_not_null()).with_columns(rated_at=pl.coalesce("resolved_at", "at"))
    rated = placed(rated, weeks, "rated_at")
    every = ["channel", "team", "topic"]
    queries = [
        *split(begun, 0, response_figures() | state_figures(as_of, first_at), every),
        *split(begun, ripe, repeat_figures(as_of), ["channel", "topic"]),
        *split(resolved, 0, resolution_figures(), every),
        *split(resolved, ripe, one_touch_figures(as_of), ["team"]),
        *split(rated, 0, rating_figures(), ["channel", "team"]),
        *split(begun, 0, told_by_start(as_of, first_at), every, LAST),
        *split(begun, ripe, told_of_repeats(), ["channel", "topic"], LAST),
        *split(resolved, 0, told_by_resolution(), every, LAST),
        *split(resolved, ripe, told_of_touches(), ["team"], LAST),
        *split(rated, 0, told("csat", borrowed=col("satisfied").is_not_null()), ["channel", "team"], LAST),
        *backlog(contacts, weeks),
        *flow(rows, weeks),
        *reach(begun, weeks, bought.lazy().drop_nulls("at")),
        *loyalty.retention(LAST, weeks["to"][0]),
        *loyalty.retention(BEFORE, weeks["to"][1]),
    ]
    spreads = errors(begun, resolved)
    *found, cohorts, experience = pl.collect_all(
        [*queries, *spreads, loyalty.cohorts(as_of), loyalty.experience(contacts, as_of)]
    )
    # A count of several weeks is their mean.
    averaged = weeks["covered"].slice(1, AVERAGED_WEEKS).sum()
    is_sum = (col("reading") == AVERAGE) & col("figure").is_in(["contacts", "resolved", "customers"])
    figures = pl.concat(found[: len(queries)]).filter(col("value").is_finite())
    figures = with_nothing(figures.with_columns(value=when(is_sum).then(col("value") / averaged).otherwise("value")))
    changes = Change(figures, pl.concat(found[len(queries) :])).lines()
    said = pl.concat([figures.lazy(), changes, usual(figures.lazy())])
    shown = layout(weeks, ripe).lazy().join(said, on=["dimension", "figure", "reading"])
    # Rows without a name are a group only where anything of them is counted.
    is_there = ((col("value") > 0) & ~col("column").str.contains(":c")).any().over("table", "key")
    shown = shown.filter((col("key") != "(none)") | is_there).select("table", "key", "column", "value").collect()
    # What is told is told where it is something.
    shown = shown.filter(~col("column").str.contains(":note:") | (col("value") > 0))
    return pl.concat([shown, cohorts, experience])


def main(folder: str, out: str) -> None:
    """Read, settle, join, understand, measure, write."""
    interactions, crm, bought = read(Path(folder))
    interactions, bought, as_of = settle_dates(interactions, bought)
    interactions, bought = join_customers(interactions, crm, bought)
    contacts = contacts_of(interactions, as_of)
    del interactions, crm
    report(contacts, bought, as_of).write_csv(out)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
