#!/usr/bin/env python3
"""Every figure of deskstat, computed a second time from the definitions and from nothing else.

    python oracle.py DIR > expected.csv

DIR holds interactions.csv, events.csv, surveys.csv, orders.csv, customers.csv (all but the first may be missing) and
deskstat.toml. Out come `metric,by,key,value`: by is `total` (everything up to as-of), `channel` (the same by channel) or `week`
(each ISO week, judged at its own end plus the usual lag, what trails at its own end; the one in which the data end, at as-of). A
missing value is empty.

One function a metric, its docstring the definition. Slow and plain on purpose: it is read to be believed.
"""

import csv
import math
import sys
import tomllib
import warnings
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import numpy
import pandas
from lifelines import KaplanMeierFitter
from scipy.stats import norm
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.proportion import proportion_confint

warnings.filterwarnings("ignore")

DAY = 86_400
WEEK = 7 * DAY
WINDOW = 7 * DAY
WRITTEN = {"email", "web_form", "social", "sms", "messaging"}
LIVE = {"phone", "chat", "in_person"}
OFFERED = {"answered", "abandoned", "missed", "voicemail", "overflow"}
DONE = {"resolved", "closed"}
NONE = "(none)"  # the group of what has no channel
STATES = {"open", "pending", "resolved", "closed", "unresolved"}
NO_CONTACT = {"deleted", "spam", "merged", "test"}
Z95 = norm.ppf(0.975)


# ---------------------------------------------------------------------------------------------------------------- reading


@dataclass
class Instant:
    """Seconds since 1970, and whether only the day is known (then: that day's midnight in the report's zone)."""

    s: float
    day: bool = False


def load(path):
    if not path.exists():
        return []
    return pandas.read_csv(path, dtype=str, keep_default_na=False).to_dict("records")


def listed(one_or_several):
    return [one_or_several] if isinstance(one_or_several, str) else one_or_several


def number(text):
    return float(text) if text not in (None, "") else None


def yes(text):
    return {"true": True, "false": False}.get((text or "").lower())


def seconds(text):
    """`8h`, `30min`, `20s`, `2d` as seconds."""
    for unit, length in [("min", 60), ("s", 1), ("h", 3600), ("d", DAY)]:
        if text.endswith(unit):
            return float(text[: -len(unit)]) * length
    raise ValueError(text)


class Desk:
    """All that is in the folder, with what follows from it for every row."""

    def __init__(self, folder):
        self.settings = tomllib.loads((folder / "deskstat.toml").read_text(encoding="utf-8"))
        self.zone = ZoneInfo(self.settings.get("time_zone", "UTC"))
        self.bots = set(self.settings.get("bots", []))
        raw = load(folder / "interactions.csv")
        self.rows = [row for row in map(self.interaction, self.latest(raw)) if row is not None]
        self.reject_isolated()
        self.fold_legs()
        self.read_surveys(load(folder / "surveys.csv"))
        self.read_orders(load(folder / "orders.csv"))
        self.read_records(load(folder / "customers.csv"))
        events = load(folder / "events.csv")
        self.find_as_of(events)
        first, last = min(row.start for row in self.rows), self.as_of
        self.hours = Hours(self.settings, self.zone, self.day_of(first - WEEK), self.day_of(last + WEEK))
        self.attach_events(events)
        for row in self.rows:
            self.complete(row)
        self.contacts = [row for row in self.rows if row.direction != "outbound" and row.status not in NO_CONTACT]
        self.weeks()
        self.follow_customers()

    # -- cells

    def instant(self, text):
        text = (text or "").strip()
        if not text:
            return None
        try:
            if len(text) == 10:
                local = datetime.combine(date.fromisoformat(text), datetime.min.time(), self.zone)
                return Instant(local.timestamp(), True)
            return Instant(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc).timestamp())
        except ValueError:
            return None

    def day_of(self, s):
        return datetime.fromtimestamp(s, self.zone).date()

    def midnight(self, day):
        return datetime.combine(day, datetime.min.time(), self.zone).timestamp()

    def latest(self, raw):
        """The same record twice: the latest update wins."""
        kept = {}
        for row in raw:
            key = (row.get("source", ""), row["interaction_id"])
            if key not in kept or row.get("updated_at", "") >= kept[key].get("updated_at", ""):
                kept[key] = row
        return kept.values()

    INSTANTS = "queued_at answered_at first_response_at resolved_at first_resolved_at closed_at updated_at csat_at ended_at".split()
    NUMBERS = (
        "wait talk hold wrap handle vendor_first_response vendor_resolution replies transfers reopens "
        "csat csat_scale nps ces ces_scale qa cost"
    ).split()
    DURATIONS = "wait talk hold wrap handle vendor_first_response vendor_resolution".split()
    WORDS = "case_id source channel direction status outcome priority topic agent team".split()

    def interaction(self, raw):
        start = self.instant(raw.get("started_at"))
        if start is None:  # no start, or none that can be read: the row is left out
            return None
        row = SimpleNamespace(id=raw["interaction_id"], start=start.s, start_day=start.day)
        row.customer = raw.get("customer_email", "").strip().lower() or None
        for name in self.WORDS:
            setattr(row, name, raw.get(name, "").strip() or None)
        for name in self.INSTANTS:
            setattr(row, name, self.instant(raw.get(name)))
        for name in self.NUMBERS:
            setattr(row, name, number(raw.get(name)))
        for name in self.DURATIONS:  # a negative duration is impossible: missing
            if getattr(row, name) is not None and getattr(row, name) < 0:
                setattr(row, name, None)
        for name in ["bot", "vendor_response_sla", "vendor_resolution_sla", "ces_high_is_easy"]:
            setattr(row, name, yes(raw.get(name)))
        row.legs = [row]
        return row

    def reject_isolated(self):
        """Instants over 30 days beyond the rest, fewer than max(3, 0.1 %) of the rows: mistyped. A start rejects its row, another
        instant becomes missing."""
        few = max(3, 0.001 * len(self.rows))

        def limit(values):
            values = sorted(values)
            for n in range(len(values) - 1, 0, -1):
                if values[n] - values[n - 1] > 30 * DAY and len(values) - n < few:
                    return values[n - 1]
            return math.inf

        end = limit(row.start for row in self.rows)
        self.rows = [row for row in self.rows if row.start <= end]
        latest = max(row.start for row in self.rows)
        for name in self.INSTANTS:
            for row in self.rows:
                value = getattr(row, name)
                if value and value.s > latest + 30 * DAY:
                    setattr(row, name, None)

    def fold_legs(self):
        """Rows of one `case_id` are one contact: the first leg's beginning, the times of all legs together."""
        cases = defaultdict(list)
        for row in self.rows:
            cases[(row.source, row.case_id or row.id)].append(row)
        self.rows = []
        for legs in cases.values():
            legs.sort(key=lambda leg: (leg.start, leg.id))
            head = legs[0]
            head.legs = [SimpleNamespace(**vars(leg)) for leg in legs]
            if len(legs) > 1:
                for name in ["talk", "hold", "wrap", "handle"]:
                    known = [getattr(leg, name) for leg in legs if getattr(leg, name) is not None]
                    setattr(head, name, sum(known) if known else None)
                for name in ["ended_at", "updated_at"]:
                    known = [getattr(leg, name) for leg in legs if getattr(leg, name)]
                    setattr(head, name, max(known, key=lambda i: i.s) if known else None)
                known = [leg.transfers for leg in legs if leg.transfers is not None]
                head.transfers = max(known) if known else None
            self.rows.append(head)

    def read_surveys(self, raw):
        by_id = defaultdict(list)
        for row in self.rows:
            by_id[row.id].append(row)
        self.surveys = []
        for cells in raw:
            survey = SimpleNamespace(
                customer=cells["customer_email"].strip().lower() or None,
                kind=cells["kind"],
                sent=self.instant(cells.get("sent_at")),
                answered=self.instant(cells.get("answered_at")),
                score=number(cells.get("score")),
                scale=number(cells.get("scale")),
                high_is_easy=yes(cells.get("high_is_easy")),
                row=None,
            )
            if len(by_id[cells.get("interaction_id", "")]) == 1:
                survey.row = by_id[cells["interaction_id"]][0]
            self.surveys.append(survey)

    def about(self, survey):
        """What a survey is about: the contact that it names, else the customer's last one in the 7 days before it was sent (or answered)."""
        if survey.row or not survey.customer:
            return survey.row
        asked = (survey.sent or survey.answered).s
        recent = [row for row in self.of_customer.get(survey.customer, []) if asked - WINDOW <= row.start <= asked]
        return recent[-1] if recent else None

    def read_orders(self, raw):
        self.orders = [
            SimpleNamespace(
                customer=cells["customer_email"].strip().lower() or None,
                at=self.instant(cells["ordered_at"]).s,
                amount=number(cells.get("amount")) or 0.0,
                refunded=number(cells.get("refunded")) or 0.0,
            )
            for cells in raw
        ]

    def read_records(self, raw):
        day = lambda text: date.fromisoformat(text) if text else None  # noqa: E731
        self.records = [
            SimpleNamespace(
                customer=cells["customer_email"].strip().lower(),
                since=day(cells.get("active_from")),
                until=day(cells.get("active_until")),
            )
            for cells in raw
        ]

    # -- as-of and weeks

    def find_as_of(self, events):
        """The latest observed event: starts, replies, resolutions, updates, answers, of all rows, contacts or not."""
        seen = [row.start for row in self.rows]
        seen += [getattr(row, name).s for row in self.rows for name in self.INSTANTS if getattr(row, name)]
        seen += [survey.answered.s for survey in self.surveys if survey.answered]
        seen += [self.instant(event["at"]).s for event in events]
        self.as_of = max(seen)

    def weeks(self):
        """The last week whose final usual working day is reached, and the lag from its end to as-of. (The generated data end on a
        Thursday, days after the Saturday that is the last usual day: how exactly a day is reached does not matter here.)"""
        this_week = self.day_of(self.as_of)
        this_week -= timedelta(days=this_week.weekday())
        first = self.day_of(min(row.start for row in self.contacts))
        first -= timedelta(days=first.weekday())
        self.week_list = self.weeks_between(first, this_week)
        self.lag = self.as_of - self.week_list[-1][2]
        self.week_list += self.weeks_between(this_week, this_week + timedelta(days=7))
        ordered = self.day_of(min([order.at for order in self.orders], default=self.as_of))
        self.weeks_of_orders = self.weeks_between(ordered - timedelta(days=ordered.weekday()), first)

    def weeks_between(self, first, last):
        """Name, start and end of the weeks that begin in [first, last), both Mondays."""
        found = []
        while first < last:
            iso, after = first.isocalendar(), first + timedelta(days=7)
            found.append((f"{iso.year}-W{iso.week:02d}", self.midnight(first), self.midnight(after)))
            first = after
        return found

    # -- histories

    def attach_events(self, events):
        by_id = defaultdict(list)
        for row in self.rows:
            row.events = []
            by_id[row.id].append(row)
        for order, cells in enumerate(events):
            owners = by_id.get(cells["interaction_id"], [])
            if len(owners) > 1:
                owners = [row for row in owners if row.source == (cells.get("source") or None)]
            if len(owners) != 1:
                continue
            at, row = self.instant(cells["at"]).s, owners[0]
            if at < row.start or at > self.as_of:
                continue
            kind, actor, who = cells["kind"], cells.get("actor", ""), cells.get("actor_kind", "")
            if not who and kind == "message_in":
                who = "customer"
            if not who and kind == "message_out":
                who = "bot" if actor in self.bots else "human"
            row.events.append(SimpleNamespace(at=at, order=order, kind=kind, who=who))
        for row in self.rows:
            row.events.sort(key=lambda event: (event.at, event.order))

    def complete(self, row):
        """What the history says, and what the row's own columns say before it."""
        # The walk: open from the start; each change of state with its time.
        row.walk, is_done, states = [], False, 0
        for event in row.events:
            states += event.kind in ("opened", "pending", "reopened", "resolved", "closed", "merged", "deleted")
            if event.kind in ("merged", "deleted"):
                break
            if event.kind in ("resolved", "closed") and not is_done:
                row.walk.append((event.at, "resolved", event.who))
                is_done = True
            elif event.kind in ("opened", "pending", "reopened") and is_done:
                row.walk.append((event.at, "reopened", event.who))
                is_done = False
        row.history = bool(row.events)
        row.walked = states > 0
        # By a bot: the whole row, or its agent.
        row.by_bot = row.bot is True or row.agent in self.bots
        # Impossible instants are missing.
        for name in ["answered_at", "first_response_at", "resolved_at", "first_resolved_at", "closed_at"]:
            value = getattr(row, name)
            if value and self.before(value, row.start, row.start_day):
                setattr(row, name, None)
        # The first human reply: the column, unless a bot wrote it; else the history.
        human = [event.at for event in row.events if event.kind == "message_out" and event.who == "human"]
        row.reply = None if row.by_bot else row.first_response_at
        if row.reply is None and human:
            row.reply = Instant(human[0])
        row.human_messages = human
        if row.status is None and row.walked:
            row.status = "resolved" if is_done else "open"
        # The last resolution, whatever the state is now; `resolution` only of what is done.
        resolutions = [at for at, what, _ in row.walk if what == "resolved"]
        row.resolutions = resolutions
        row.last_resolution = row.resolved_at or row.closed_at or (Instant(resolutions[-1]) if resolutions else None)
        # Where no instant is there, the vendor's duration tells it (and only then).
        row.vendor_dated = row.last_resolution is None and row.vendor_resolution is not None and not row.start_day
        if row.vendor_dated:
            row.last_resolution = Instant(row.start + row.vendor_resolution)
        row.resolution = row.last_resolution if row.status in DONE else None
        row.first_resolution = row.first_resolved_at or (Instant(resolutions[0]) if resolutions else None)
        if row.replies is None and row.history:
            row.replies = float(len(human))
        if row.reopens is None and row.walked:
            row.reopens = float(sum(what == "reopened" for _, what, _ in row.walk))
        if row.transfers is None and row.history:
            row.transfers = float(sum(event.kind == "transferred" for event in row.events))
        # Live: was it answered, and after how long?
        row.answered = row.channel in LIVE and (
            row.outcome == "answered" if row.outcome else row.answered_at is not None
        )
        row.waited = self.wait_of(row)
        self.turn_start(row)
        bot_wrote = any(event.kind == "message_out" and event.who == "bot" for event in row.events)
        row.bot_took_part = row.by_bot or row.channel == "bot" or bot_wrote
        row.schedule = self.hours.of(row)

    def before(self, value, start, start_day):
        """Is an instant before the start? Where either is known to the day only, days are compared."""
        if value.day or start_day:
            return self.day_of(value.s) < self.day_of(start)
        return value.s < start

    def wait_of(self, row):
        """Live channels, answered: the export's wait; else for chat the first human reply; else the pick-up; minus the start."""
        if row.wait is not None:
            return row.wait
        ends = [row.reply, row.answered_at] if row.channel == "chat" else [row.answered_at]
        for end in ends:
            if end and not end.day and not row.start_day and row.answered:
                return end.s - row.start
        return None

    def turn_start(self, row):
        """Where the clock of the first reply begins: the start; after a resolution by a bot and a reopening of it, the last such
        reopening before the first human reply."""
        row.begin = row.start
        by_bot = False
        for at, what, who in row.walk:
            if row.reply and at > row.reply.s:
                break
            if what == "resolved":
                by_bot = who == "bot"
            elif by_bot:
                row.begin = at

    # -- customers

    def follow_customers(self):
        """Contacts of one customer in order (start, source, id); calls that go on with an answered one are folded into it."""
        self.of_customer = defaultdict(list)
        for row in self.contacts:
            row.head = None
            if row.customer:
                self.of_customer[row.customer].append(row)
        for rows in self.of_customer.values():
            rows.sort(key=lambda row: (row.start, row.source or "", row.id))
            before = None  # the preceding answered call
            for place, row in enumerate(rows):
                row.place = place
                if row.channel != "phone" or row.start_day:
                    continue
                if before and before.call_end is not None and row.start <= before.call_end + 1800:
                    row.head = before.head or before
                if row.answered:
                    before = row
                    row.call_end = self.end_of_call(row)
        self.all_outbound = [row for row in self.rows if row.direction == "outbound"]
        self.first_contact = min(row.start for row in self.contacts)

    def end_of_call(self, row):
        """When an answered call ended: the export's own end, else pick-up and talk (with hold)."""
        if row.ended_at:
            return row.ended_at.s
        if row.waited is not None and row.talk is not None:
            return row.start + row.waited + row.talk + (row.hold or 0)
        return None

    # -- states

    def state(self, row, at):
        """`open`, `resolved` (with its time), `unresolved`, `undated` (resolved, nobody knows when) or None (unknown)."""
        if row.status not in STATES:
            return None, None
        if row.status == "unresolved":
            return "unresolved", None
        if row.walked:
            done, when = False, None
            for moment, what, _ in row.walk:
                if moment <= at:
                    done, when = what == "resolved", moment
            return ("resolved", Instant(when)) if done else ("open", None)
        if row.status in DONE:
            if row.resolution is None:
                return ("resolved", None) if at >= self.as_of else ("undated", None)
            return ("resolved", row.resolution) if row.resolution.s <= at else ("open", None)
        return "open", None

    def handled(self, row, at):
        """A human took part by then: answered, spoken with, or replied to."""
        if row.bot is True:
            return False
        if row.answered or (row.channel in LIVE and (row.talk or 0) > 0):
            return True
        if row.reply:
            return row.reply.s <= at
        if row.vendor_first_response is not None and not row.by_bot:
            return row.start + row.vendor_first_response <= at
        return (row.replies or 0) > 0


# ---------------------------------------------------------------------------------------------------------- business time


class Hours:
    """Schedules as instants, day by day: each local interval of each local day becomes two instants; nothing is ever added up.

    Blocks of one name are versions of one schedule (`from`, `until`: its first and last local day). Holidays are local days, or
    parts of them, whichever night runs into them."""

    DAYS = "monday tuesday wednesday thursday friday saturday sunday".split()

    def __init__(self, settings, zone, first, last):
        self.zone, self.first, self.last = zone, first, last
        self.names, self.conditions, self.open = [], [], []
        for block in settings.get("hours", []):
            if block["name"] not in self.names:
                self.names.append(block["name"])
                self.conditions.append(
                    {key: listed(block[key]) for key in ("channel", "team", "priority") if key in block}
                )
                self.open.append([])
            at = self.names.index(block["name"])
            self.open[at] = sorted(self.open[at] + self.intervals(block, settings.get("holidays", [])))

    def of(self, row):
        """Of those that fit the row the one with most conditions, then the first."""
        best, rank = None, -1
        for n, conditions in enumerate(self.conditions):
            if len(conditions) > rank and all(getattr(row, key) in words for key, words in conditions.items()):
                best, rank = n, len(conditions)
        return best

    def intervals(self, block, holidays):
        zone = ZoneInfo(block["time_zone"]) if "time_zone" in block else self.zone

        def moment(day, clock):
            hour, minute = map(int, clock.split(":"))
            day += timedelta(days=hour // 24)
            return datetime(day.year, day.month, day.day, hour % 24, minute, tzinfo=zone).timestamp()

        def part(day, text):
            first, last = text.split("-")
            return moment(day, first), moment(day + timedelta(days=last <= first), last)  # perhaps over midnight

        opened, day = [], self.first
        while day < self.last:
            weekend = day.weekday() >= 5
            texts = block.get("daily", [])
            texts = block.get("weekend" if weekend else "weekdays", texts)
            texts = block.get(self.DAYS[day.weekday()], texts)
            opened += [part(day, text) for text in listed(texts)]
            day += timedelta(days=1)
        closed = []
        for text in holidays + block.get("holidays", []):
            day, *clock = text.split(" ")
            if ".." in day:
                first, last = map(date.fromisoformat, day.split(".."))
                closed.append((moment(first, "00:00"), moment(last, "24:00")))
            else:
                closed.append(part(date.fromisoformat(day), clock[0] if clock else "00:00-24:00"))
        if "from" in block:
            closed.append((-math.inf, moment(date.fromisoformat(block["from"]), "00:00")))
        if "until" in block:
            closed.append((moment(date.fromisoformat(block["until"]), "24:00"), math.inf))
        for shut, reopen in closed:
            opened = [
                piece
                for start, end in opened
                for piece in [(start, min(end, shut)), (max(start, reopen), end)]
                if piece[0] < piece[1]
            ]
        return opened

    def between(self, schedule, start, end):
        """Open seconds from one instant to another."""
        return sum(max(0.0, min(end, shut) - max(start, opened)) for opened, shut in self.open[schedule])


# ------------------------------------------------------------------------------------------------------------------ views


@dataclass
class View:
    """What is asked: a period (or all), a group (or all)."""

    desk: Desk
    start: float = -math.inf
    end: float = math.inf
    judged: float = 0.0
    week: int | None = None
    channel: str | None = None
    business: bool = False
    rows: list = field(default_factory=list)

    def __post_init__(self):
        self.rows = [r for r in self.desk.contacts if self.in_group(r)]

    @property
    def as_of(self):
        return self.desk.as_of

    @property
    def dated(self):
        return self.week is not None

    def inside(self, s):
        return s is not None and self.start <= s < self.end and s <= self.as_of

    def by_start(self):
        return [row for row in self.rows if self.inside(row.start)]

    def by_resolution(self):
        return [row for row in self.rows if row.resolution and self.inside(row.resolution.s)]

    def span(self, row, start, end):
        """From one instant to another: by the calendar, or in the row's business time (missing without a schedule)."""
        if not self.business:
            return end - start
        return None if row.schedule is None else self.desk.hours.between(row.schedule, start, end)

    def in_group(self, row):
        return self.channel is None or self.channel == ((row and row.channel) or NONE)

    def without_hours(self, rows):
        """Counted apart in business time: those of the rows to which no opening hours apply."""
        return {"_no_hours": sum(row.schedule is None for row in rows)} if self.business else {}

    def written(self):
        return [row for row in self.by_start() if row.channel in WRITTEN]

    def live(self):
        return [row for row in self.by_start() if row.channel in LIVE]


def share(part, whole):
    return part / whole if whole else None


def mean(values):
    return float(pandas.Series(values, dtype=float).mean()) if len(values) else None


def quantile(values, q):
    """Linear interpolation (type 7)."""
    return float(numpy.quantile(numpy.array(values, dtype=float), q)) if len(values) else None


def distribution(values):
    return {"_p50": quantile(values, 0.5), "_p90": quantile(values, 0.9), "_mean": mean(values), "_n": len(values)}


def windowed(view, ripe, immature, figures):
    """A dated period in which any row is too recent is missing in value and n; under `all` the ripe rows count."""
    if view.dated and immature:
        figures = {key: None for key in figures}
    return figures | {"_immature": immature}


def precise(row):
    return not row.start_day


# ----------------------------------------------------------------------------------------------------------------- volume


def contacts(view):
    """Inbound interactions that are not spam, deleted, merged or test, by their start."""
    return {"": len(view.by_start())}


def outside_hours(view):
    """Of the contacts with an hour: begun while the hours that they go by were closed; and the same of those that begin a journey. Those
    that no hours fit are left out."""
    rows = view.by_start()
    timed = [row for row in rows if precise(row) and row.schedule is not None]
    closed = lambda row: not any(a <= row.start < b for a, b in view.desk.hours.open[row.schedule])  # noqa: E731
    first = [row for row in timed if begins_journey(view.desk, row)]
    return {
        "": share(sum(map(closed, timed)), len(timed)),
        "_n": len(timed),
        "_no_hours": sum(row.schedule is None for row in rows),
        "_first": share(sum(map(closed, first)), len(first)),
        "_first_n": len(first),
    }


def begins_journey(desk, row):
    """No other contact of the customer in the 72 hours before."""
    if not row.customer:
        return False
    before = desk.of_customer[row.customer][: row.place]
    return not before or row.start - before[-1].start >= 72 * 3600


def contacts_share(view):
    """The group's contacts over all contacts of the same time."""
    return {"": share(len(view.by_start()), len(View(view.desk, view.start, view.end, view.judged).by_start()))}


def contacts_per_100_orders(view):
    """Contacts of the period over the orders placed in it, times 100."""
    orders = [order for order in view.desk.orders if view.inside(order.at)]
    value = share(len(view.by_start()), len(orders))
    return {"": value and 100 * value, "_n": len(orders)}


def customers(view):
    """Distinct known customers who made contact; contacts of unknown customers apart."""
    rows = view.by_start()
    return {"": len({r.customer for r in rows if r.customer}), "_unknown": sum(not r.customer for r in rows)}


def customers_share(view):
    """The group's distinct customers over all distinct customers of the same time."""
    of = lambda v: len({r.customer for r in v.by_start() if r.customer})  # noqa: E731
    return {"": share(of(view), of(View(view.desk, view.start, view.end, view.judged)))}


def multi_channel(view):
    """Of the known customers of the period, the share who used two or more channels in it."""
    used = defaultdict(set)
    for row in view.by_start():
        if row.customer:
            used[row.customer].add(row.channel)
    return {"": share(sum(len(c) > 1 for c in used.values()), len(used)), "_n": len(used)}


# --------------------------------------------------------------------------------------------------------------- response


def replied_some_time(row):
    """Replied to, at no time (or no hour) that anybody knows: neither "not yet answered" nor "without a reply"."""
    timed = row.reply and not row.reply.day or row.vendor_first_response is not None
    return not timed and (row.reply is not None or (row.replies or 0) > 0)


def first_replies(view):
    """Each precise written contact with what is known of its first human reply at the judging instant:
    (row, `replied` | `vendor` | `waiting` | `silent`, seconds)."""
    out = []
    for row in view.by_start():
        if row.channel not in WRITTEN or not precise(row):
            continue
        if replied_some_time(row):
            continue
        if row.reply and not row.reply.day:
            if row.reply.s <= view.judged:
                out.append((row, "replied", view.span(row, row.begin, row.reply.s)))
            else:
                out.append((row, "waiting", view.span(row, row.begin, view.judged)))
            continue
        if row.vendor_first_response is not None and not row.by_bot:
            if row.start + row.vendor_first_response <= view.judged:
                out.append((row, "vendor", row.vendor_first_response))
            else:
                out.append((row, "waiting", view.span(row, row.start, view.judged)))
            continue
        if view.desk.state(row, view.judged)[0] == "open":
            out.append((row, "waiting", view.span(row, row.begin, view.judged)))
        else:
            out.append((row, "silent", None))
    return out


def undated_replies(view):
    rows = [row for row in view.by_start() if row.channel in WRITTEN and precise(row)]
    return sum(replied_some_time(row) for row in rows)


def frt(view):
    """Written channels: start to the first human public reply; not yet answered and open: counted with the present wait; over without
    a reply: counted apart; a duration by the vendor only where there are no instants (in business time not at all)."""
    found = first_replies(view)
    taken = ("replied", "waiting") if view.business else ("replied", "waiting", "vendor")
    values = [value for _, how, value in found if how in taken and value is not None]
    count = lambda word: sum(how == word for _, how, _ in found)  # noqa: E731
    return (
        distribution(values)
        | {
            "_waiting": sum(how == "waiting" and value is not None for _, how, value in found),
            "_silent": count("silent"),
            "_vendor": count("vendor"),
            "_undated": undated_replies(view),
        }
        | view.without_hours(view.written())
    )


def frt_any(view):
    """Bots count too: start to the first message_out of anybody; else the human reply; else, of a row by a bot, its first response."""
    values, waiting, silent = [], 0, 0
    for row in view.by_start():
        if row.channel not in WRITTEN or not precise(row):
            continue
        sent = [event.at for event in row.events if event.kind == "message_out"]
        first = Instant(sent[0]) if sent else row.reply or (row.first_response_at if row.by_bot else None)
        if first and first.day or not first and replied_some_time(row):
            continue
        until, unanswered = view.judged, False
        if first and first.s <= view.judged:
            until = first.s
        elif not first and row.vendor_first_response is not None and row.start + row.vendor_first_response <= view.judged:
            if view.business:
                continue  # a vendor's own duration says nothing of open hours
            until = row.start + row.vendor_first_response
        elif first or row.vendor_first_response is not None or view.desk.state(row, view.judged)[0] == "open":
            unanswered = True
        else:
            silent += 1
            continue
        took = view.span(row, row.start, until)
        if took is not None:
            values.append(took)
            waiting += unanswered
    return distribution(values) | {"_waiting": waiting, "_silent": silent} | view.without_hours(view.written())


def next_reply(view):
    """Per customer turn of written contacts with a history: the first unanswered message of a run of customer messages to the next
    human public reply. A history without customer messages has one turn from the start, if a human wrote at all."""
    values, waiting, silent, rows = [], 0, 0, []
    for row in view.by_start():
        if row.channel not in WRITTEN or not row.history:
            continue
        turns, begun = [], None
        asked = any(event.kind == "message_in" for event in row.events)
        if not asked and row.human_messages:
            begun = row.start
        for event in row.events:
            if event.kind == "message_in" and begun is None:
                begun = event.at
            elif event.kind == "message_out" and event.who == "human" and begun is not None:
                turns.append((begun, event.at))
                begun = None
        if begun is not None:
            turns.append((begun, None))
        for begun, reply in turns:
            if begun > view.judged:
                continue
            rows.append(row)
            if reply is not None and reply <= view.judged:
                values.append(view.span(row, begun, reply))
            elif reply is not None or view.desk.state(row, view.judged)[0] == "open":
                values.append(view.span(row, begun, view.judged))
                waiting += values[-1] is not None
            else:
                silent += 1
    return distribution(known(values)) | {"_waiting": waiting, "_silent": silent} | view.without_hours(rows)


def waits(view, channels=LIVE):
    return [
        row
        for row in view.by_start()
        if row.channel in channels and row.answered and row.waited is not None and row.start + row.waited <= view.judged
    ]


def waiting(view, row, seconds):
    """So many seconds from the start; in business time those of them that were open, if the start has an hour."""
    if not view.business:
        return seconds
    return view.span(row, row.start, row.start + seconds) if precise(row) else None


def known(values):
    return [value for value in values if value is not None]


def wait(view):
    """Live channels: queue entry to the human answer, over answered contacts; without a usable wait: left out and counted."""
    unknown = sum(row.channel in LIVE and row.answered and row.waited is None for row in view.by_start())
    values = known(waiting(view, row, row.waited) for row in waits(view))
    return distribution(values) | {"_unknown": unknown} | view.without_hours(view.live())


def asa(view):
    """The mean of `wait` over answered calls."""
    values = known(waiting(view, row, row.waited) for row in waits(view, {"phone"}))
    calls = [row for row in view.by_start() if row.channel == "phone" and row.answered]
    return {"": mean(values), "_n": len(values)} | view.without_hours(calls)


def abandon_wait(view):
    """Abandoned live contacts with a wait."""
    return distribution(
        known(
            waiting(view, row, row.wait)
            for row in view.by_start()
            if row.channel in LIVE and row.outcome == "abandoned" and row.wait is not None and row.start + row.wait <= view.judged
        )
    ) | view.without_hours(view.live())


def target_of(desk, row, kind):
    """The target by channel and priority; one without a channel is for written contacts; the most telling one wins."""
    best, rank = None, -1
    for target in desk.settings.get("targets", {}).get(kind, []):
        if "channel" in target and target["channel"] != row.channel:
            continue
        if "channel" not in target and row.channel not in WRITTEN:
            continue
        if "priority" in target and target["priority"] != row.priority:
            continue
        named = 2 * ("channel" in target) + ("priority" in target)
        if named > rank:
            best, rank = target, named
    return best


def due(view, row, target):
    """The target in seconds and whether it fell due; None where it is in business time and the row has no schedule."""
    within = seconds(target["within"])
    clock = View(view.desk, view.start, view.end, view.judged, channel=view.channel, business=clocked(view, target))
    passed = clock.span(row, row.start, view.judged)
    return within, None if passed is None else passed >= within, clock


def clocked(view, target):
    return view.business or target.get("clock") == "business"


def told_by_vendor(verdicts, verdict):
    """The export's own verdict counts, if it has one."""
    if verdict is not None:
        verdicts.append(verdict)
    return verdict is not None


def response_sla(view):
    """Of the contacts whose target fell due by the judging instant, the share answered within it (written: on the first reply, live: on
    the wait). The export's own verdict where nothing else allows ours. Late by: of written ones answered late or waiting. A target in
    business time of a contact without opening hours: counted apart."""
    met = n = not_due = closed = 0
    late, verdicts = [], []
    theirs = lambda row: told_by_vendor(verdicts, row.vendor_response_sla)  # noqa: E731
    calendar = View(view.desk, view.start, view.end, view.judged, channel=view.channel)
    calendar.rows = view.rows
    replies = {id(row): (how, value) for row, how, value in first_replies(calendar)}
    for row in view.by_start():
        target = target_of(view.desk, row, "response")
        if target is None:
            if row.channel in WRITTEN | LIVE:
                theirs(row)
            continue
        if not precise(row):
            continue
        business = clocked(view, target)
        within = seconds(target["within"])
        clock = SimpleNamespace(desk=view.desk, business=business)
        passed = View.span(clock, row, row.start, view.judged)
        if passed is None:
            closed += not theirs(row)
            continue
        if row.channel in LIVE:
            if row.answered and row.waited is None:  # after nobody knows how long
                theirs(row)
                continue
            if not row.answered and row.outcome not in OFFERED:
                continue  # a callback is shown apart; or nobody knows what became of it
            if passed < within:
                not_due += 1
                continue
            n += 1
            if row.answered:
                met += View.span(clock, row, row.start, row.start + row.waited) <= within
            continue
        how, value = replies.get(id(row), (None, None))
        if how is None or how == "vendor" and business:  # replied at an unknown time, or after an unknown business time
            theirs(row)
            continue
        begin = row.start if how == "vendor" else row.begin
        passed = View.span(clock, row, begin, view.judged)
        if passed < within:
            not_due += 1
            continue
        n += 1
        if how == "replied":
            value = View.span(clock, row, begin, row.reply.s)
        elif how == "waiting":
            value = passed
        if how in ("replied", "vendor") and value <= within:
            met += 1
        elif how != "silent":
            late.append(value - within)
    n += len(verdicts)
    return {
        "": share(met + sum(verdicts), n),
        "_n": n,
        "_not_due": not_due,
        "_late_p50": quantile(late, 0.5),
        "_late_n": len(late),
        "_vendor": len(verdicts),
        "_no_hours" if view.business else "_closed": closed,
    }


def curve(times, happened, entry=None):
    fitter = KaplanMeierFitter()
    fitter.fit(times, happened, entry=entry)
    return fitter.survival_function_["KM_estimate"]


def reached(survival, level):
    """The first event time with S(t) <= level (tolerance 1e-12)."""
    below = survival[survival <= level + 1e-12]
    return float(below.index[0]) if len(below) else None


def kaplan_meier(subjects):
    """Half within and 9 in 10 within, of (time, happened)."""
    if not subjects:
        return {"_p50": None, "_p90": None, "_n": 0}
    survival = curve([time for time, _ in subjects], [happened for _, happened in subjects])
    return {"_p50": reached(survival, 0.5), "_p90": reached(survival, 0.1), "_n": len(subjects)}


def frt_km(view):
    """Time to the first human reply, those still waiting censored; closed without a reply: censored at the resolution."""
    subjects, silent = [], undated_replies(view)  # all that is left out
    for row, how, value in first_replies(view):
        if how == "vendor" and view.business:
            silent += 1  # left out: nobody knows the business time of it
        elif how in ("replied", "vendor"):
            subjects.append((value, True))
        elif how == "waiting":
            subjects.append((value, False))
        else:
            state, when = view.desk.state(row, view.judged)
            if state == "resolved" and when and when.s >= row.begin:
                subjects.append((view.span(row, row.begin, when.s), False))
            else:
                silent += 1
    subjects = [(time, happened) for time, happened in subjects if time is not None]
    answered = sum(happened for _, happened in subjects)
    figures = {"_answered": answered, "_waiting": len(subjects) - answered, "_silent": silent}
    return kaplan_meier(subjects) | figures | view.without_hours(view.written())


def wait_km(view):
    """Time to the human answer on live channels; those who abandoned or still wait are censored."""
    subjects = []
    for row in view.by_start():
        if row.channel not in LIVE:
            continue
        abandoned = row.outcome == "abandoned"
        waited = row.waited if row.answered else row.wait if abandoned else None
        if waited is None:
            continue
        over = row.start + waited <= view.judged
        took = waiting(view, row, waited if over else view.judged - row.start)
        if took is not None:
            subjects.append((took, over and row.answered))
    answered = sum(happened for _, happened in subjects)
    figures = {"_answered": answered, "_gone": len(subjects) - answered}
    return kaplan_meier(subjects) | figures | view.without_hours(view.live())


# ------------------------------------------------------------------------------------------------------------------ calls


def with_losses(view):
    """Sources in which some row has an outcome other than answered; the others have no abandonment and no service level."""
    return {row.source for row in view.desk.rows if row.outcome not in (None, "answered")}


def service_level(view, formula=None):
    """Of the calls offered, the share answered within the threshold, by one of seven formulas."""
    settings = view.desk.settings.get("service_level", {})
    within, short = seconds(settings.get("within", "20s")), seconds(settings.get("short_abandon", "5s"))
    formula = formula or settings.get("formula", "offered")
    sources = with_losses(view)
    calls = [row for row in view.by_start() if row.channel == "phone" and row.source in sources]
    unknown = sum(row.answered and row.waited is None for row in calls)
    answered = [row for row in calls if row.answered and row.waited is not None]
    abandoned = [row for row in calls if row.outcome == "abandoned"]
    lost = [row for row in calls if row.outcome in OFFERED - {"answered"}]
    callbacks = [row for row in calls if row.outcome == "callback"]
    offered = len(answered) + len(lost)
    fast = sum(row.waited <= within for row in answered)
    gone = lambda limit: sum(row.wait is not None and row.wait <= limit for row in abandoned)  # noqa: E731
    back = sum(row.wait is not None and row.wait <= within for row in callbacks)
    top, bottom = {
        "offered": (fast, offered),
        "answered": (fast, len(answered)),
        "late-abandons": (fast, offered - gone(within)),
        "short-excluded": (fast, offered - gone(short)),
        "abandon-ok": (fast + gone(within), offered),
        "short-ok": (fast + gone(short), offered),
        "removed": (fast + gone(within) + back, offered + len(callbacks)),
    }[formula]
    return {"": share(top, bottom), "_n": bottom, "_unknown": unknown, "_callbacks": len(callbacks)}


FORMULAS = ["offered", "answered", "late-abandons", "short-excluded", "abandon-ok", "short-ok", "removed"]


def service_level_by_formula(view):
    """All seven formulas beside each other."""
    out = {}
    for formula in FORMULAS:
        figures = service_level(view, formula)
        name = "_" + formula.replace("-", "_")
        out |= {name: figures[""], name + "_n": figures["_n"]}
    return out


def abandonment(view):
    """Abandoned over offered, live channels only."""
    sources = with_losses(view)
    live = [row for row in view.by_start() if row.channel in LIVE and row.source in sources]
    offered = [row for row in live if row.answered or row.outcome in OFFERED]
    return {"": share(sum(row.outcome == "abandoned" for row in offered), len(offered)), "_n": len(offered)}


def handle_time(row):
    """Talk and hold and wrap where talk is known (a missing one is nothing), else the handle time; and whether parts are missing."""
    if row.talk is not None:
        return row.talk + (row.hold or 0) + (row.wrap or 0), row.hold is None or row.wrap is None
    return row.handle, False


def aht(view):
    """Sum of handle times over the sum of segments of handled live contacts; a folded call has as many as legs with talk."""
    total, segments, partial, unknown = 0.0, 0, 0, 0
    for row in view.by_start():
        if row.channel not in LIVE or not view.desk.handled(row, view.judged):
            continue
        time, part = handle_time(row)
        if time is None:
            unknown += 1
            continue
        total += time
        partial += part
        segments += max(1, sum((leg.talk or 0) > 0 for leg in row.legs))
    return {"": share(total, segments), "_n": segments, "_partial": partial, "_unknown": unknown}


def transfer_rate(view):
    """Of the answered live contacts with a known number of transfers: those with any."""
    rows = [row for row in view.by_start() if row.answered]
    known = [row.transfers > 0 for row in rows if row.transfers is not None]
    return {"": share(sum(known), len(known)), "_n": len(known), "_unknown": len(rows) - len(known)}


# ------------------------------------------------------------------------------------------------------------- resolution


def resolution_rate(view):
    """Of the contacts with a known state started in the period, the share resolved at the judging instant. Resolved at an unknown time:
    in no rate that is judged before as-of."""
    states = [view.desk.state(row, view.judged)[0] for row in view.by_start()]
    n = sum(state in ("open", "resolved", "unresolved") for state in states)
    return {
        "": share(states.count("resolved"), n),
        "_n": n,
        "_unknown": states.count(None),
        "_undated": states.count("undated"),
    }


def resolved_handled(view):
    """The same share over the contacts that a human had handled by then."""
    rows = [row for row in view.by_start() if view.desk.handled(row, view.judged)]
    states = [view.desk.state(row, view.judged)[0] for row in rows]
    n = sum(state in ("open", "resolved", "unresolved") for state in states)
    return {"": share(states.count("resolved"), n), "_n": n}


def resolved_7d(view):
    """Of the contacts with a known state, windows over: resolved at start + 7 days."""
    good = n = undated = immature = 0
    for row in view.by_start():
        if row.status not in STATES:
            continue
        if row.status in DONE and not row.walked and row.resolution is None:
            undated += 1
            continue
        if row.start + WINDOW > view.as_of:
            immature += 1
            continue
        n += 1
        good += view.desk.state(row, row.start + WINDOW)[0] == "resolved"
    return windowed(view, None, immature, {"": share(good, n), "_n": n}) | {"_undated": undated}


def resolved(view):
    """Contacts whose last resolution lies in the period: counted by its time, so one of an unknown time is in none."""
    return {"": len(view.by_resolution())}


def resolution_sla(view):
    """Of the contacts with a known state and a resolution target that fell due: resolved within it. Unresolved for good: not met.
    The export's own verdict where nothing else allows ours, as in `response_sla`: no target applies, the state or the time of the
    resolution is unknown, or the target is in business time and the contact has no opening hours."""
    met = n = not_due = undated = closed = 0
    late, verdicts = [], []
    theirs = lambda row: told_by_vendor(verdicts, row.vendor_resolution_sla)  # noqa: E731
    for row in view.by_start():
        target = target_of(view.desk, row, "resolution")
        state, when = view.desk.state(row, view.judged)
        if target is None or state is None:
            theirs(row)
            continue
        if row.start_day:
            continue
        business = clocked(view, target)
        clock = SimpleNamespace(desk=view.desk, business=business)
        within = seconds(target["within"])
        passed = View.span(clock, row, row.start, view.judged)
        if row.status in DONE and (row.last_resolution is None or row.last_resolution.day or (row.vendor_dated and business)):
            undated += not theirs(row)
            continue
        if passed is None:
            closed += not theirs(row)
            continue
        if passed < within:
            not_due += 1
            continue
        n += 1
        if state == "unresolved":
            continue
        took = View.span(clock, row, row.start, when.s if state == "resolved" else view.judged)
        if state == "resolved" and took <= within:
            met += 1
        else:
            late.append(took - within)
    n += len(verdicts)
    return {
        "": share(met + sum(verdicts), n),
        "_n": n,
        "_not_due": not_due,
        "_late_p50": quantile(late, 0.5),
        "_late_n": len(late),
        "_vendor": len(verdicts),
        "_undated": undated,
        "_no_hours" if view.business else "_closed": closed,
    }


def same_precision(row, when):
    return when.day == row.start_day


def ttr_full(view):
    """Start to the last resolution, of the contacts resolved in the period; the vendor's duration where there is no instant."""
    values, vendor = [], 0
    for row in view.by_resolution():
        vendor += row.vendor_dated
        if row.vendor_dated and view.business:
            continue
        if same_precision(row, row.resolution):
            values.append(view.span(row, row.start, row.resolution.s))
    return distribution(known(values)) | {"_vendor": vendor} | view.without_hours(view.by_resolution())


def ttr_first(view):
    """Start to the first resolution, of the contacts resolved in the period: the column, else the history, else - never reopened, as is
    known - the last resolution; else unknown."""
    values, unknown = [], 0
    for row in view.by_resolution():
        if row.vendor_dated and view.business:
            continue
        first = row.first_resolution or (row.resolution if row.reopens == 0 else None)
        if first is None:
            unknown += 1
        elif same_precision(row, first):
            values.append(view.span(row, row.start, first.s))
    return distribution(known(values)) | {"_unknown": unknown} | view.without_hours(view.by_resolution())


def ttr_active(view):
    """The sum of open spells of the history, or the whole time where it is known that nothing was reopened; else unknown."""
    values, unknown = [], 0
    for row in view.by_resolution():
        if row.vendor_dated and view.business:
            continue
        if row.resolutions:
            spells, since = [], row.start
            for at, what, _ in row.walk:
                if what == "resolved":
                    spells.append(view.span(row, since, at))
                else:
                    since = at
            values.append(None if None in spells else sum(spells))
        elif row.reopens == 0:
            if same_precision(row, row.resolution):
                values.append(view.span(row, row.start, row.resolution.s))
        else:
            unknown += 1
    return distribution(known(values)) | {"_unknown": unknown} | view.without_hours(view.by_resolution())


def ttr_km(view):
    """Time to resolution by the start, contacts not resolved by the judging instant censored there; resolved at an unknown time left
    out."""
    subjects, undated, rows = [], 0, []
    for row in view.by_start():
        state, when = view.desk.state(row, view.judged)
        if state is None:
            continue
        rows.append(row)
        untimed = when is None or not same_precision(row, when) or (row.vendor_dated and view.business)
        if state == "undated" or (state == "resolved" and untimed):
            undated += 1
            continue
        end = when.s if state == "resolved" else view.judged
        time = view.span(row, row.start, end)
        if time is not None:
            subjects.append((time, state == "resolved"))
    done = sum(happened for _, happened in subjects)
    figures = {"_resolved": done, "_open": len(subjects) - done, "_undated": undated}
    return kaplan_meier(subjects) | figures | view.without_hours(rows)


def one_touch(view):
    """Of those resolved in the period after at least one human reply, windows over: exactly one, and not reopened within 7 days. Open now
    and resolved before: a failure. An unknown number of replies is left out; unknown reopenings are counted."""
    good = n = immature = unknown = unwatched = 0
    for row in view.rows:
        when = row.last_resolution
        if row.status not in DONE | {"open", "pending"} or when is None or not view.inside(when.s):
            continue
        if row.replies == 0:
            continue
        if row.replies is None:
            unknown += 1
            continue
        if when.s + WINDOW > view.as_of:
            immature += 1
            continue
        n += 1
        if row.walked:
            again = any(what == "reopened" and when.s < at <= when.s + WINDOW for at, what, _ in row.walk)
        else:
            again = row.status not in DONE or (row.reopens or 0) > 0
            unwatched += row.reopens is None
        good += row.replies == 1 and not again
    figures = windowed(view, None, immature, {"": share(good, n), "_n": n})
    return figures | {"_unknown": unknown, "_unwatched": unwatched}


def topics_match(a, b):
    return a.topic is None or b.topic is None or a.topic == b.topic


def later_contacts(desk, row):
    """Further contacts of the customer in the window, in the customer's order, without the calls that go on with another."""
    rows = desk.of_customer[row.customer]
    for other in rows[row.place + 1 :]:
        if other.start > row.start + WINDOW:
            return
        if other.head is None:
            yield other


def earlier_contacts(desk, row):
    for other in reversed(desk.of_customer[row.customer][: row.place]):
        if other.start < row.start - WINDOW:
            return
        if other.head is None:
            yield other


def solved_at_first(desk, row):
    """No further contact with a matching topic in the window, and not known to be unresolved at its end."""
    if any(topics_match(row, other) for other in later_contacts(desk, row)):
        return False
    if row.status in ("open", "pending", "unresolved"):
        return False
    return not (row.status in DONE and row.resolution and row.resolution.s > row.start + WINDOW)


def fcr_frame(view):
    """Handled contacts (of calls: the answered ones)."""
    return [
        row
        for row in view.by_start()
        if (row.answered if row.channel == "phone" else view.desk.handled(row, view.as_of))
    ]


def fcr(view):
    """Of handled contacts of a known customer, windows over: solved at first contact. Continuations, unknown customers and the too recent
    are left out and counted."""
    frame = fcr_frame(view)
    unknown = sum(not row.customer for row in frame)
    continued = sum(row.head is not None for row in frame)
    known = [row for row in frame if row.customer and row.head is None]
    ripe = [row for row in known if row.start + WINDOW <= view.as_of]
    good = sum(solved_at_first(view.desk, row) for row in ripe)
    out = windowed(view, None, len(known) - len(ripe), {"": share(good, len(ripe)), "_n": len(ripe)})
    return out | {"_unknown": unknown, "_continued": continued}


def fcr_issue(view):
    """Of those, the contacts that begin a chain: none of the same customer with a matching topic in the window before."""
    frame = fcr_frame(view)
    known = [row for row in frame if row.customer and row.head is None]
    late = [row for row in known if row.start >= view.desk.first_contact + WINDOW]
    first = [row for row in late if not any(topics_match(row, other) for other in earlier_contacts(view.desk, row))]
    ripe = [row for row in first if row.start + WINDOW <= view.as_of]
    good = sum(solved_at_first(view.desk, row) for row in ripe)
    out = windowed(view, None, len(first) - len(ripe), {"": share(good, len(ripe)), "_n": len(ripe)})
    return out | {"_unknown": sum(not row.customer for row in frame), "_early": len(known) - len(late)}


def repeat_rate(view):
    """Of the contacts of a known customer, windows over: followed by another within 7 days."""
    rows = view.by_start()
    known = [row for row in rows if row.customer and row.head is None]
    ripe = [row for row in known if row.start + WINDOW <= view.as_of]
    followed = sum(any(True for _ in later_contacts(view.desk, row)) for row in ripe)
    out = windowed(view, None, len(known) - len(ripe), {"": share(followed, len(ripe)), "_n": len(ripe)})
    return out | {"_unknown": sum(not row.customer for row in rows)}


def repeat_contacts(view):
    """Of the contacts of known customers: preceded by another within 7 days; those of the data's first 7 days are left out."""
    rows = view.by_start()
    known = [row for row in rows if row.customer and row.head is None]
    late = [row for row in known if row.start >= view.desk.first_contact + WINDOW]
    again = sum(any(True for _ in earlier_contacts(view.desk, row)) for row in late)
    return {
        "": share(again, len(late)),
        "_n": len(late),
        "_unknown": sum(not row.customer for row in rows),
        "_early": len(known) - len(late),
    }


def reopen_rate(view):
    """Of the resolutions in the period, windows over: reopened within 7 days. With a history each resolution counts by its own time;
    without, the last one: open now - reopened; done and never reopened - not; else unknown."""
    bad = n = immature = unknown = 0
    for row in view.rows:
        if row.walked:
            for place, (at, what, _) in enumerate(row.walk):
                if what != "resolved" or not view.inside(at):
                    continue
                if at + WINDOW > view.as_of:
                    immature += 1
                    continue
                n += 1
                after = row.walk[place + 1 : place + 2]
                bad += bool(after) and after[0][0] <= at + WINDOW
            continue
        when = row.last_resolution
        if when is None or not view.inside(when.s) or row.status not in STATES:
            continue
        again = row.status in ("open", "pending")
        if not again and not (row.status in DONE and row.reopens == 0):
            unknown += 1
        elif when.s + WINDOW > view.as_of:
            immature += 1
        else:
            n, bad = n + 1, bad + again
    return windowed(view, None, immature, {"": share(bad, n), "_n": n}) | {"_unknown": unknown}


def backlog(view):
    """Contacts with a state that started before the period's end (or by as-of) and were not resolved before it, by age."""
    desk, whole = view.desk, view.end > view.as_of
    at = view.as_of if whole else view.end
    just_before = at if whole else at - 0.001  # a period's end is open, as-of is not
    rows = [row for row in view.rows if row.start <= just_before and desk.state(row, just_before)[0] == "open"]
    ages = [at - row.start for row in rows]
    between = lambda low, high: sum(low * DAY < age <= high * DAY for age in ages)  # noqa: E731
    return {
        "": len(rows),
        "_0_1d": between(-1, 1),
        "_1_3d": between(1, 3),
        "_3_7d": between(3, 7),
        "_7_30d": between(7, 30),
        "_30d": between(30, math.inf),
        "_over_7d": between(7, math.inf),
        "_oldest": max(ages, default=None),
        "_untouched": sum(not desk.handled(row, just_before) for row in rows),
    }


def oldest_open(view):
    """The age of the oldest open contact."""
    return {"": backlog(view)["_oldest"]}


def untouched(view):
    """Open contacts without any human reply."""
    return {"": backlog(view)["_untouched"]}


def follow_up_rate(view):
    """Of the contacts resolved in the period, windows over: followed by an outbound contact to that customer within 7 days."""
    sent = defaultdict(list)
    for row in view.desk.all_outbound:
        sent[row.customer].append(row.start)
    rows = view.by_resolution()
    known = [row for row in rows if row.customer]
    ripe = [row for row in known if row.resolution.s + WINDOW <= view.as_of]
    good = sum(any(row.resolution.s < at <= row.resolution.s + WINDOW for at in sent[row.customer]) for row in ripe)
    out = windowed(view, None, len(known) - len(ripe), {"": share(good, len(ripe)), "_n": len(ripe)})
    return out | {"_unknown": len(rows) - len(known)}


def cost_per_contact(view):
    """The row's own cost, else the settings' for its channel: so much a contact, so much a minute handled."""
    costs, unknown = [], 0
    for row in view.by_start():
        rule = view.desk.settings.get("costs", {}).get(row.channel)
        time = handle_time(row)[0]
        if row.cost is not None:
            costs.append(row.cost)
        elif rule and ("minute" not in rule or time is not None):
            costs.append(rule.get("contact", 0.0) + rule.get("minute", 0.0) * (time or 0.0) / 60)
        else:
            unknown += 1
    return {"": mean(costs), "_n": len(costs), "_unknown": unknown}


# ----------------------------------------------------------------------------------------------------------- satisfaction


def is_contact(row):
    return row.direction != "outbound" and row.status not in NO_CONTACT


def placed(row):
    """When a row's own score was given: its time, else the resolution, else the start; and whether that is borrowed."""
    if row.csat_at:
        return row.csat_at.s, False
    return (row.resolution.s if row.resolution else row.start), True


def ratings(view):
    """The last rating of each interaction, and the ratings that belong to none: (score, scale, borrowed). 0 is no answer, a score outside
    its scale is impossible."""
    answers = []
    for row in view.desk.contacts:
        if row.csat is not None and view.in_group(row):
            answers.append((*placed(row), row.csat, row.csat_scale, id(row)))
    for n, survey in enumerate(view.desk.surveys):
        if survey.kind == "csat" and survey.score is not None and survey.answered:
            if survey.row is not None and not is_contact(survey.row) or not view.in_group(view.desk.about(survey)):
                continue
            answers.append((survey.answered.s, False, survey.score, survey.scale, id(survey.row) if survey.row else f"alone {n}"))
    last = {}
    for at, borrowed, score, scale, key in sorted(answers, key=lambda a: a[0]):
        if score == 0 or (scale is not None and not 1 <= score <= scale) or at > view.as_of:
            continue
        last[key] = (at, score, scale, borrowed)
    return [(score, scale, borrowed) for at, score, scale, borrowed in last.values() if view.inside(at)]


def csat(view):
    """Top box (5: 4 and 5; 3: 3; 2: 2) over answers with a rating, Wilson's interval; unknown scale left out."""
    found = ratings(view)
    good = {5: (4, 5), 3: (3,), 2: (2,)}
    known = [(score in good[scale], borrowed) for score, scale, borrowed in found if scale in good]
    n, top = len(known), sum(ok for ok, _ in known)
    low, high = proportion_confint(top, n, method="wilson") if n else (None, None)
    return {
        "": share(top, n),
        "_n": n,
        "_low": low,
        "_high": high,
        "_unscaled": len(found) - n,
        "_borrowed": sum(borrowed for _, borrowed in known),
    }


def csat_mean(view):
    """Each rating put on 1 to 5."""
    found = ratings(view)
    values = [1 + 4 * (score - 1) / (scale - 1) for score, scale, _ in found if scale]
    return {"": mean(values), "_n": len(values), "_unscaled": len(found) - len(values)}


def survey_response(view):
    """Of the surveys sent in the period, about contacts or about none: answered by the judging instant."""
    sent = [
        survey
        for survey in view.desk.surveys
        if survey.sent
        and view.inside(survey.sent.s)
        and (survey.row is None or is_contact(survey.row))
        and view.in_group(view.desk.about(survey))
    ]
    back = sum(bool(survey.answered) and survey.answered.s <= view.judged for survey in sent)
    return {"": share(back, len(sent)), "_n": len(sent)}


def nps(view):
    """Share of 9 and 10 minus share of 0 to 6, the last answer of each customer."""
    answers = []
    for n, row in enumerate(view.desk.contacts):
        if row.nps is not None and view.in_group(row):
            answers.append((placed(row)[0], row.nps, row.customer or f"unknown row {n}"))
    for n, survey in enumerate(view.desk.surveys):
        if survey.kind == "nps" and survey.score is not None and survey.answered and view.in_group(view.desk.about(survey)):
            if survey.row is None or is_contact(survey.row):
                answers.append((survey.answered.s, survey.score, survey.customer or f"unknown {n}"))
    last = {}
    for at, score, who in sorted(answers, key=lambda a: a[0]):
        if 0 <= score <= 10 and view.inside(at):
            last[who] = score
    n = len(last)
    if not n:
        return {"": None, "_n": 0, "_low": None, "_high": None, "_se": None}
    p, d = sum(s >= 9 for s in last.values()) / n, sum(s <= 6 for s in last.values()) / n
    value, se = 100 * (p - d), 100 * math.sqrt(max(0.0, p + d - (p - d) ** 2) / n)
    return {"": value, "_n": n, "_low": value - Z95 * se, "_high": value + Z95 * se, "_se": se}


def ces(view):
    """Ease on 1 to 7, high is easy; without a declared scale or direction left out."""
    answers = []
    for row in view.desk.contacts:
        if row.ces is not None and view.in_group(row):
            answers.append((placed(row)[0], row.ces, row.ces_scale, row.ces_high_is_easy, id(row)))
    for n, survey in enumerate(view.desk.surveys):
        if survey.kind == "ces" and survey.score is not None and survey.answered and view.in_group(view.desk.about(survey)):
            if survey.row is None or is_contact(survey.row):
                key = id(survey.row) if survey.row else f"alone {n}"
                answers.append((survey.answered.s, survey.score, survey.scale, survey.high_is_easy, key))
    values, undeclared = [], 0
    last = {}
    for at, s, k, high, key in sorted(answers, key=lambda a: a[0]):
        if k is None or 1 <= s <= k:
            last[key] = (at, s, k, high)
    for at, s, k, high in last.values():
        if not view.inside(at):
            continue
        if k is None or high is None:
            undeclared += 1
            continue
        easy = s if high else k + 1 - s
        values.append(1 + 6 * (easy - 1) / (k - 1))
    return {"": mean(values), "_n": len(values), "_easy": share(sum(v >= 5 - 1e-9 for v in values), len(values)), "_undeclared": undeclared}


def qa(view):
    """The mean quality score of contacts, by their start."""
    values = [row.qa for row in view.by_start() if row.qa is not None]
    return {"": mean(values), "_n": len(values)}


# -------------------------------------------------------------------------------------------------------------- customers


def active_window(desk):
    return int(seconds(desk.settings.get("active_window", "90d")) // DAY)


def retention_edges(view):
    """[X - window, X) and [X, X + window) in local days, where X + window is the last midnight that the judging instant and the
    orders have reached; None where orders begin later."""
    desk, reach = view.desk, view.judged
    if desk.orders:
        reach = min(reach, max(order.at for order in desk.orders if order.at <= desk.as_of))
    end = desk.day_of(reach)
    window = timedelta(days=active_window(desk))
    first = end - 2 * window
    if desk.orders and desk.day_of(min(order.at for order in desk.orders)) > first:
        return None
    return first, end - window, end


def active_in(desk, first, last):
    """Customers with an order (a refunded one too) in [first, last), or a record that covers one of its days."""
    low, high = desk.midnight(first), desk.midnight(last)
    found = {order.customer for order in desk.orders if order.customer and low <= order.at < high}
    for record in desk.records:
        if record.since is None:  # nobody knows from when on
            continue
        if record.since < last and (record.until is None or record.until >= first):
            found.add(record.customer)
    return found


def retention(view):
    """Of the customers active in the window up to X, the share active again in the next one. Refused where orders begin later."""
    desk = view.desk
    edges = retention_edges(view)
    if edges is None:
        return {"": None, "_n": None}
    first, x, last = edges
    before, after = active_in(desk, first, x), active_in(desk, x, last)
    return {"": share(len(before & after), len(before)), "_n": len(before)}


def churn(view):
    """1 - retention of the same set."""
    kept = retention(view)
    return {"": None if kept[""] is None else 1 - kept[""], "_n": kept["_n"]}


def contact_return(view):
    """Of the known customers with a contact in the week before, the share with one in this, on any channel. Where the data end within
    this one, the week before is cut at the same distance before its end."""
    if not view.week:  # no period before
        return {"": None, "_n": None}
    _, start, end = view.desk.week_list[view.week - 1]
    if view.end > view.as_of:
        end -= view.end - view.as_of - 1
    before = {r.customer for r in View(view.desk, start, end, view.judged).by_start() if r.customer}
    now = {r.customer for r in view.by_start() if r.customer}
    return {"": share(len(before & now), len(before)), "_n": len(before)}


def survival(view):
    """Kaplan-Meier over tenure of the customer records, late entry where the customer was there before the data begin."""
    desk = view.desk
    today = desk.day_of(view.judged)
    first = desk.day_of(min(order.at for order in desk.orders)) if desk.orders else desk.day_of(desk.first_contact)
    times, left, entry = [], [], []
    for record in desk.records:
        if record.since is None or record.since >= today:
            continue
        end = min(record.until + timedelta(days=1), today) if record.until else today
        time, late = (end - record.since).days, max(0, (first - record.since).days)
        if time <= late:
            continue  # gone before anybody looked
        times.append(time)
        left.append(record.until is not None and record.until + timedelta(days=1) <= today)
        entry.append(late)
    if not times:
        return {"_p50": None, "_90d": None, "_365d": None, "_n": 0, "_left": 0, "_entered_late": 0}
    s = curve(times, left, entry)
    # Beyond the last that was watched nobody knows, unless all have left.
    at = lambda days: float(s[s.index <= days].iloc[-1]) if days <= max(times) or s.iloc[-1] == 0 else None  # noqa: E731
    half = reached(s, 0.5)
    return {
        "_p50": half and half * DAY,
        "_90d": at(90),
        "_365d": at(365),
        "_n": len(times),
        "_left": sum(left),
        "_entered_late": sum(late > 0 for late in entry),
    }


def experience_effect(view):
    """Among the customers who made contact before X: those with a bad experience by then against those without. Relative risk of not
    being active in [X, X + window), Katz' interval, risk difference, Mantel-Haenszel over the number of contacts."""
    desk, edges = view.desk, retention_edges(view)
    if edges is None:
        return dict.fromkeys(["", "_n", "_low", "_high", "_difference", "_mh", "_exposed"])
    _, x_day, last = edges
    x = desk.midnight(x_day)
    active = active_in(desk, x_day, last)
    table = defaultdict(lambda: [[0, 0], [0, 0]])
    cells = [[0, 0], [0, 0]]
    for customer, rows in desk.of_customer.items():
        rows = [row for row in rows if row.start < x]
        if not rows:
            continue
        bad = 0 if bad_experience(desk, rows, x) else 1
        gone = 0 if customer not in active else 1
        cells[bad][gone] += 1
        stratum = min(len(rows), 5)  # 1, 2, 3, 4, 5 and more contacts
        table[stratum][bad][gone] += 1
    (a, b), (c, d) = cells
    n1, n0 = a + b, c + d
    out = {"_n": n1 + n0, "_exposed": n1}
    if min(n1, n0) < 30:
        return out | {key: None for key in ["", "_low", "_high", "_difference", "_mh"]}
    risk = (a / n1) / (c / n0)
    se = math.sqrt(1 / a - 1 / n1 + 1 / c - 1 / n0)
    pooled = StratifiedTable([numpy.array(cell, dtype=float) for cell in table.values()]).riskratio_pooled
    return out | {
        "": risk,
        "_low": risk * math.exp(-Z95 * se),
        "_high": risk * math.exp(Z95 * se),
        "_difference": a / n1 - c / n0,
        "_mh": pooled,
    }


def bad_experience(desk, rows, x):
    """By then: a rating of 2 or less (the better of two grades is none), a missed response target, three contacts in 7 days, or an
    abandoned call that no answered one followed."""
    starts = [row.start for row in rows]
    if any(b - a <= WINDOW for a, b in zip(starts, starts[2:])):
        return True
    if any(rated_alone(survey, rows[0].customer, x) for survey in desk.surveys):
        return True
    for row in rows:
        if rated_badly(desk, row, x) or missed_target(desk, row, x):
            return True
        if row.channel == "phone" and row.outcome == "abandoned":
            if not any(other.answered and other.channel == "phone" for other in rows[rows.index(row) + 1 :]):
                return True
    return False


def is_bad(score, scale):
    return scale is not None and 1 <= score <= min(2, scale - 1)


def rated_badly(desk, row, x):
    """Was the last rating of the contact by x a bad one?"""
    given = [(placed(row)[0], row.csat, row.csat_scale)] if row.csat else []
    given += [(s.answered.s, s.score, s.scale) for s in desk.surveys if s.row is row and s.kind == "csat" and s.answered and s.score]
    given = [(at, score, k) for at, score, k in given if at < x and (k is None or 1 <= score <= k)]
    return any(is_bad(score, k) for _, score, k in sorted(given, key=lambda g: g[0])[-1:])


def rated_alone(survey, customer, x):
    """A bad rating by x that the customer gave of no contact in particular."""
    asked = survey.row is None and survey.kind == "csat" and survey.customer == customer
    return asked and survey.answered and survey.answered.s < x and survey.score and is_bad(survey.score, survey.scale)


def missed_target(desk, row, x):
    view = View(desk, row.start, row.start + 1, x)
    view.rows = [row]
    figures = response_sla(view)
    return figures["_n"] == 1 and figures[""] == 0


def clv(view):
    """Revenue per customer of the period's orders of known customers; refunds apart."""
    orders = [order for order in view.desk.orders if order.customer and view.inside(order.at)]
    who, revenue = {order.customer for order in orders}, sum(order.amount for order in orders)
    return {
        "": share(revenue, len(who)),
        "_n": len(who),
        "_revenue": revenue,
        "_refunded": sum(order.refunded for order in orders),
        "_orders": len(orders),
    }


# ---------------------------------------------------------------------------------------------------- channels, journeys


def journeys(view):
    """Contacts of one customer, each less than 72 hours after the one before; placed by the first contact; those up to the judging
    instant count."""
    found = []
    for rows in view.desk.of_customer.values():
        journey = []
        for row in rows:
            if journey and row.start - journey[-1].start >= 72 * 3600:
                found.append(journey)
                journey = []
            journey.append(row)
        found.append(journey)
    found = [j for j in found if view.in_group(j[0]) and view.inside(j[0].start)]
    found = [[row for row in j if row.start <= view.judged] for j in found]
    return {
        "": len(found),
        "_contacts": share(sum(map(len, found)), len(found)),
        "_multi": share(sum(len({row.channel for row in j}) > 1 for j in found), len(found)),
        "_unknown": sum(not row.customer for row in view.by_start()),
    }


def consistency(view):
    """The highest minus the lowest value over channels with at least 20 observations; missing under two such channels."""
    out = {}
    for name, metric in [("csat", csat), ("resolution_rate", resolution_rate), ("response_sla", response_sla)]:
        channels = {row.channel for row in view.rows}
        figures = [metric(View(view.desk, view.start, view.end, view.judged, view.week, channel)) for channel in channels]
        values = [f[""] for f in figures if f["_n"] >= 20]
        out["_" + name] = max(values) - min(values) if len(values) > 1 else None
        out["_" + name + "_channels"] = len(values)
    return out


def proactive_share(view):
    """Outbound by people with no open contact of that customer and no inbound one in the 7 days before, over all handled."""
    desk = view.desk
    handled = sum(desk.handled(row, view.judged) for row in view.by_start())
    sent = [row for row in desk.all_outbound if not row.by_bot and view.in_group(row) and view.inside(row.start)]
    known = [row for row in sent if row.customer]
    good = 0
    for row in known:
        before = [c for c in desk.of_customer.get(row.customer, []) if c.start <= row.start]
        recent = any(c.start >= row.start - WINDOW for c in before)
        busy = any(desk.state(c, row.start)[0] == "open" for c in before)
        good += not recent and not busy
    n = handled + len(known)
    return {"": share(good, n), "_n": n, "_unknown": len(sent) - len(known)}


def bot_contained(view):
    """Of the contacts in which a bot took part: not handled by a human."""
    rows = [row for row in view.by_start() if row.bot_took_part]
    return {"": share(sum(not view.desk.handled(row, view.judged) for row in rows), len(rows)), "_n": len(rows)}


def bot_outcome(view):
    rows = [row for row in view.by_start() if row.bot_took_part]
    known = [row for row in rows if row.customer]
    ripe = [row for row in known if row.start + 72 * 3600 <= view.as_of]
    verified = leaked = 0
    for row in ripe:
        if view.desk.handled(row, view.as_of):
            continue
        met = any(
            row.start < other.start <= row.start + 72 * 3600 and view.desk.handled(other, view.as_of)
            for other in view.desk.of_customer[row.customer]
        )
        verified, leaked = verified + (not met), leaked + met
    return verified, leaked, len(ripe), len(known) - len(ripe), len(rows) - len(known)


def bot_verified(view):
    """Contained, and no handled contact of that customer on any channel within 72 hours."""
    verified, _, n, immature, unknown = bot_outcome(view)
    return windowed(view, None, immature, {"": share(verified, n), "_n": n}) | {"_unknown": unknown}


def bot_leaked(view):
    """Contained, but not verified."""
    _, leaked, n, immature, unknown = bot_outcome(view)
    return windowed(view, None, immature, {"": share(leaked, n), "_n": n}) | {"_unknown": unknown}


# -------------------------------------------------------------------------------------------------------------------- all

METRICS = [
    contacts, outside_hours, contacts_share, contacts_per_100_orders, customers, customers_share, multi_channel,
    frt, frt_any, next_reply, wait, asa, abandon_wait, response_sla, frt_km, wait_km,
    service_level, service_level_by_formula, abandonment, aht, transfer_rate,
    resolution_rate, resolved_handled, resolved_7d, resolved, resolution_sla, ttr_full, ttr_first, ttr_active, ttr_km,
    one_touch, fcr, fcr_issue, repeat_rate, repeat_contacts, reopen_rate, backlog, oldest_open, untouched, follow_up_rate,
    cost_per_contact, csat, csat_mean, survey_response, nps, ces, qa,
    retention, churn, contact_return, survival, experience_effect, clv,
    journeys, consistency, proactive_share, bot_contained, bot_verified, bot_leaked,
]  # fmt: skip
BUSINESS = [frt, frt_any, next_reply, wait, asa, abandon_wait, response_sla, frt_km, wait_km, resolution_sla, ttr_full, ttr_first, ttr_active, ttr_km]
TRAILING = [retention, churn, survival, experience_effect]
OF_CUSTOMERS = TRAILING + [clv]  # customers and orders have no channel


def views(desk, metric, business):
    yield "total", "", View(desk, judged=desk.as_of, business=business)
    channels = [] if metric in OF_CUSTOMERS else sorted({row.channel for row in desk.contacts if row.channel})
    channels += [NONE]
    for channel in channels:
        yield "channel", channel, View(desk, judged=desk.as_of, channel=channel, business=business)
    for name, start, end in desk.weeks_of_orders if metric is clv else []:
        yield "week", name, View(desk, start, end, end + desk.lag)
    for n, (name, start, end) in enumerate(desk.week_list):
        lag = 0 if metric in TRAILING else desk.lag
        yield "week", name, View(desk, start, end, min(end + lag, desk.as_of), week=n, business=business)


def main():
    desk = Desk(Path(sys.argv[1]))
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["metric", "by", "key", "value"])
    for metric, business in [(m, False) for m in METRICS] + [(m, True) for m in BUSINESS]:
        if business and not desk.settings.get("hours"):
            continue
        for by, key, view in views(desk, metric, business):
            for suffix, value in metric(view).items():
                name = metric.__name__ + ("_business" if business else "") + suffix
                out.writerow([name, by, key, "" if value is None else repr(float(value) if not isinstance(value, int) else value)])


if __name__ == "__main__":
    main()
