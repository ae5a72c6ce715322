#!/usr/bin/env python3
"""Write a small desk with every trap of the definitions in it.

    python generate.py --seed 7 --out DIR

The same seed writes the same bytes. About 1,500 interactions of ten weeks and a half (2026-W10 to Thursday of W20, the clocks
go forward on 29 March), their events, surveys, orders, customer records and settings.
"""

import argparse
import csv
import random
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")
UTC = timezone.utc
FIRST_DAY = date(2026, 3, 2)
AS_OF = datetime(2026, 5, 14, 16, 20, 37, tzinfo=UTC)  # the start of the last contact; nothing is later
SEEN = AS_OF - timedelta(minutes=7)  # everything else ends here

INTERACTIONS = (
    "interaction_id case_id source customer_email channel direction touchpoint status outcome bot priority topic agent team "
    "started_at queued_at answered_at first_response_at resolved_at first_resolved_at closed_at updated_at csat_at ended_at "
    "wait talk hold wrap handle vendor_first_response vendor_resolution vendor_response_sla vendor_resolution_sla "
    "replies transfers reopens csat csat_scale nps ces ces_scale ces_high_is_easy qa cost"
).split()
EVENTS = "interaction_id source at kind actor actor_kind".split()
SURVEYS = "survey_id customer_email interaction_id kind sent_at answered_at score scale high_is_easy".split()
ORDERS = "order_id customer_email ordered_at amount refunded".split()
CUSTOMERS = "customer_crm_id customer_email active_from active_until".split()

TOPICS = ["delivery", "refund", "invoice", "login", "damage", "warranty"]
AGENTS = ["Ada", "Bruno", "Chloe", "Deniz", "Emil"]
WRITTEN = {"email": "desk", "web_form": "desk", "sms": "desk", "messaging": "desk"}

SETTINGS = """\
time_zone = "Europe/Berlin"
bots = ["Robo"]
active_window = "28d"
holidays = ["2026-04-02 12:00-24:00", "2026-04-03", "2026-04-06", "2026-05-01"]

[service_level]
within = "20s"

[targets]
response = [
  { channel = "email", within = "8h" },
  { channel = "email", priority = "urgent", within = "2h" },
  { channel = "web_form", priority = "normal", within = "4h", clock = "business" },
  { channel = "messaging", within = "30min" },
  { channel = "sms", priority = "high", within = "1h", clock = "business" },
  { channel = "phone", within = "20s" },
  { channel = "chat", within = "60s" },
  { priority = "urgent", within = "6h" },
]
resolution = [
  { channel = "email", within = "48h" },
  { channel = "email", priority = "urgent", within = "24h" },
  { channel = "web_form", within = "16h", clock = "business" },
  { channel = "sms", priority = "high", within = "8h", clock = "business" },
  { channel = "phone", within = "1h" },
  { priority = "urgent", within = "24h" },
]

[costs]
email = { contact = 4.5 }
phone = { contact = 1.25, minute = 0.8 }
chat = { minute = 0.6 }

[goals]
response_sla = 0.8
service_level = 0.8

[[hours]]
name = "always"
priority = "urgent"
daily = "00:00-24:00"

[[hours]]
name = "Lisbon"
team = "lisbon"
time_zone = "Europe/Lisbon"
daily = "20:00-04:00"
weekdays = "08:00-16:00"

[[hours]]
name = "lines"
channel = ["phone"]
weekdays = "07:00-22:00"
thursday = ["07:00-12:00", "20:00-02:00"]
friday = ["07:00-12:00", "18:00-02:00"]
sunday = "22:00-24:00"
holidays = ["2026-03-17..2026-03-18"]

[[hours]]
name = "office"
channel = ["email", "web_form", "messaging", "social", "chat"]
weekdays = ["09:00-12:30", "13:30-17:00"]
thursday = ["09:00-12:30", "13:30-18:30"]
friday = "09:00-15:00"
saturday = "10:00-13:00"
until = "2026-04-19"

[[hours]]
name = "office"
weekdays = "08:00-18:00"
monday = []
from = "2026-04-20"
"""


def z(instant):
    """An instant as the files write it."""
    return "" if instant is None else instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def at(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def sec(n):
    return timedelta(seconds=n)


class Desk:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.rows, self.events, self.surveys, self.orders, self.customers = [], [], [], [], []
        self.number = 0

    # -- small helpers

    def chance(self, p):
        return self.rng.random() < p

    def spread(self, median, factor):
        """A long-tailed number of seconds, at least one."""
        return timedelta(seconds=max(1, int(median * factor ** self.rng.gauss(0, 1))))

    def id(self):
        self.number += 1
        return f"{self.number:05d}"

    def customer(self):
        """A few write often, many once; one in sixteen is unknown."""
        if self.chance(0.06):
            return ""
        if self.chance(0.35):
            return f"c{self.rng.randint(1, 40):03d}@mail.example"
        return f"c{self.rng.randint(41, 480):03d}@mail.example"

    def row(self, **cells):
        cells.setdefault("interaction_id", self.id())
        assert not set(cells) - set(INTERACTIONS), set(cells) - set(INTERACTIONS)
        self.rows.append(cells)
        return cells

    def event(self, row, when, kind, actor="", actor_kind="", source=""):
        if when <= SEEN:
            self.events.append(
                dict(
                    interaction_id=row["interaction_id"],
                    source=source,
                    at=z(when),
                    kind=kind,
                    actor=actor,
                    actor_kind=actor_kind,
                )
            )

    def start(self):
        """A start in the opening hours mostly; Saturday is a usual day, Sunday is not."""
        while True:
            day = FIRST_DAY + timedelta(days=self.rng.randrange(74))
            keep = {5: 0.45, 6: 0.12}.get(day.weekday(), 1.0)
            if not self.chance(keep):
                continue
            hour = self.rng.choices(range(24), [1] * 6 + [3, 6] + [12] * 9 + [6, 5, 4, 3, 2, 1, 1])[0]
            local = datetime(day.year, day.month, day.day, hour, self.rng.randrange(60), self.rng.randrange(60))
            when = local.replace(tzinfo=BERLIN).astimezone(UTC)
            # No contact in the hours in which "the first seven days" could be read in two ways.
            if at("2026-03-08T22:00:00Z") <= when <= at("2026-03-09T09:00:00Z"):
                continue
            if at("2026-03-02T08:00:05Z") <= when <= SEEN - timedelta(hours=1):
                return when

    def topic(self):
        return "" if self.chance(0.2) else self.rng.choice(TOPICS)

    def priority(self, urgent=True):
        words = ["low", "normal", "high", ""] + (["urgent"] if urgent else [])
        return self.rng.choices(words, [1, 4, 1, 1] + ([1] if urgent else []))[0]

    # -- written channels

    def ticket(self):
        """A written contact with its life; the export knows some of it by columns, some by events, some not at all."""
        rng = self.rng
        channel = rng.choices(list(WRITTEN), [5, 2, 1.2, 1.6])[0]
        start = self.start()
        team = rng.choice(["berlin", "berlin", "lisbon", ""])
        row = self.row(
            source="desk",
            channel=channel,
            customer_email=self.customer(),
            direction=rng.choice(["inbound", "inbound", ""]),
            topic=self.topic(),
            team=team,
            priority=self.priority(urgent=channel != "messaging" and team != "lisbon"),
            agent=rng.choice(AGENTS),
            started_at=z(start),
        )
        history = self.chance(0.55)
        note = self.event if history else (lambda *args, **more: None)
        now, human, resolutions, reopenings, transfers = start, [], [], [], 0
        done = False
        if not self.chance(0.08):
            note(row, now, "message_in", row["customer_email"], rng.choice(["customer", ""]))
        note(row, now, "opened")
        if self.chance(0.2):
            note(row, now + sec(rng.randint(0, 40)), "message_out", "Robo", rng.choice(["bot", ""]))
        if history and self.chance(0.1):
            now += sec(rng.randint(60, 1500))
            note(row, now, "message_out", "Robo", "bot")
            note(row, now, "resolved", "Robo", "bot")
            resolutions.append(now)
            done = True
            back = now + sec(rng.randint(600, 40000))
            if self.chance(0.65) and back <= SEEN:
                now = back
                note(row, now, "message_in", "", "customer")
                note(row, now, rng.choice(["reopened", "opened", "pending"]))
                reopenings.append(now)
                done = False
        if not done:
            median = {"email": 11000, "web_form": 9000, "sms": 1500, "messaging": 1100}[channel]
            turns = rng.choices([0, 1, 2, 3, 5], [1.1, 5, 2, 1, 0.5])[0]
            for turn in range(turns):
                reply = now + self.spread(median, 3.2)
                if self.chance(0.2):
                    note(row, now + (reply - now) / 2, "message_in", "", "customer")
                if self.chance(0.25):
                    note(row, now + (reply - now) / 3, rng.choice(["note", "assigned", "queued", "pending"]), "Ada")
                if turn == 0 and self.chance(0.12):
                    note(row, now + (reply - now) * 2 / 3, "transferred", "Ada")
                    transfers += 1
                if reply > SEEN:
                    break
                human.append(reply)
                note(row, reply, "message_out", rng.choice(AGENTS), rng.choice(["human", ""]))
                if self.chance(0.06):
                    note(row, reply, "message_out", rng.choice(AGENTS), "human")
                    human.append(reply)
                now = reply
                if turn + 1 < turns:
                    now += self.spread(9000, 3)
                    note(row, now, "message_in", "", "customer")
                    if self.chance(0.15):
                        note(row, now, "message_in", "", "customer")  # two in a second
        unresolved = self.chance(0.05) and not resolutions
        while not done and not unresolved and now <= SEEN:
            if not self.chance(0.84 if human else 0.45):
                break
            now += self.spread(20000, 4)
            if now > SEEN:
                break
            note(row, now, rng.choice(["resolved", "resolved", "closed"]), rng.choice(AGENTS), "human")
            resolutions.append(now)
            done = True
            if self.chance(0.2):
                note(row, now + sec(rng.randint(0, 9000)), rng.choice(["resolved", "closed"]))
            if self.chance(0.22):
                later = now + sec(10000) + self.spread(150000, 4)
                if later > SEEN:
                    break
                now = later
                note(row, now, "message_in", "", "customer")
                note(row, now, rng.choice(["reopened", "opened", "pending"]))
                reopenings.append(now)
                done = False
                if self.chance(0.7):
                    reply = now + self.spread(9000, 3)
                    if reply <= SEEN:
                        human.append(reply)
                        note(row, reply, "message_out", rng.choice(AGENTS), "human")
                        now = reply
        status = "unresolved" if unresolved else rng.choice(["resolved", "closed"]) if done else rng.choice(["open", "open", "pending"])
        # What the flat export knows of it.
        keep = (lambda p: self.chance(p)) if history else (lambda p: True)
        if keep(0.6) and not (not history and self.chance(0.03)):
            row["status"] = status
        if human and keep(0.5):
            row["first_response_at"] = z(human[0])
        if done and keep(0.5):
            row["resolved_at"] = z(resolutions[-1])
        if not done and resolutions and self.chance(0.8) and row.get("status"):
            row["resolved_at"] = z(resolutions[-1])  # solved, reopened and still open
        if resolutions and self.chance(0.4) and (history or row.get("resolved_at")):
            row["first_resolved_at"] = z(resolutions[0])
        if keep(0.5) and self.chance(0.8):
            row["replies"] = len(human)
        if keep(0.5) and self.chance(0.7):
            row["reopens"] = len(reopenings)
        if keep(0.5) and self.chance(0.5):
            row["transfers"] = transfers
        if self.chance(0.5):
            row["updated_at"] = z(min(max([now, start] + resolutions), SEEN))
        if channel == "sms" and self.chance(0.35):
            row["vendor_response_sla"] = rng.choice(["true", "false"])
        if channel in ("sms", "messaging") and self.chance(0.25):
            row["vendor_resolution_sla"] = rng.choice(["true", "false"])
        if channel == "email" and self.chance(0.1):
            row["vendor_response_sla"] = rng.choice(["true", "false"])  # never heard: there is a target
        if human and self.chance(0.1):
            row["vendor_first_response"] = min(rng.randint(30, 90000), int((SEEN - start).total_seconds()))  # heard only without instants
        if done and self.chance(0.3):
            row["csat"] = rng.choices([1, 2, 3, 4, 5, 0, 7], [2, 2, 3, 7, 8, 1, 0.6])[0]
            row["csat_scale"] = 5
            if self.chance(0.04):
                del row["csat_scale"]
            if self.chance(0.8):
                row["csat_at"] = z(min(resolutions[-1] + self.spread(40000, 3), SEEN))
            elif not row.get("resolved_at") and history:
                del row["csat"]
        if self.chance(0.12):
            row["qa"] = rng.randint(40, 100) / 100
        if self.chance(0.15):
            row["cost"] = rng.randint(100, 1500) / 100
        self.judged(row, now)
        return row

    def judged(self, row, when):
        """Ease of the matter, on the scales of two vendors, in both directions."""
        if self.chance(0.08):
            k = self.rng.choice([5, 7])
            row["ces"] = self.rng.randint(1, k)
            if self.chance(0.9):
                row["ces_scale"] = k
            if self.chance(0.85):
                row["ces_high_is_easy"] = self.rng.choice(["true", "false"])
            if not row.get("csat"):
                row["csat_at"] = z(min(when + sec(600), SEEN))
        if self.chance(0.05) and row.get("csat_at"):
            row["nps"] = self.rng.randint(0, 10)

    # -- live channels

    def call(self, source="lines", **more):
        rng = self.rng
        start = more.pop("start", None) or self.start()
        outcome = more.pop("outcome", None) or rng.choices(
            ["answered", "abandoned", "missed", "voicemail", "overflow", "callback"], [14, 3, 1, 0.8, 0.5, 1]
        )[0]
        if source == "branch":
            outcome = "answered"
        wait = rng.choice([0, 4, 5, 12, 19, 20, 20.5, 21, 35, 64, 180, 400])
        row = self.row(
            source=source,
            channel="phone",
            customer_email=self.customer(),
            direction=rng.choice(["inbound", ""]),
            topic=self.topic(),
            team=rng.choice(["berlin", ""]),
            priority=self.priority(urgent=False),
            started_at=z(start),
            outcome=outcome,
        )
        if outcome == "answered":
            row["agent"] = rng.choice(AGENTS)
            picked = start + sec(int(wait))
            talk = rng.randint(20, 900)
            hold, wrap = rng.choice([0, 0, 15, 90]), rng.randint(0, 120)
            if source == "branch" or not self.chance(0.3):
                row["wait"] = wait
            elif self.chance(0.85):
                row["answered_at"] = z(picked)
            if source == "lines" and self.chance(0.06) and row.get("answered_at"):
                del row["outcome"]  # answered all the same: somebody picked up
            kind = rng.random()
            if kind < 0.75:
                row["talk"] = talk
                if self.chance(0.8):
                    row["hold"] = hold
                if self.chance(0.8):
                    row["wrap"] = wrap
            elif kind < 0.9:
                row["handle"] = talk + hold + wrap
            row["ended_at"] = z(min(picked + sec(talk + hold), SEEN))
            if self.chance(0.85):
                row["transfers"] = rng.choices([0, 1, 2], [8, 1.5, 0.5])[0]
            if self.chance(0.25):
                row["status"] = rng.choices(["resolved", "open", "unresolved"], [6, 1, 1])[0]
                if row["status"] == "resolved":
                    row["resolved_at"] = row["ended_at"]
                    row["reopens"] = 0
        elif outcome in ("abandoned", "callback"):
            if self.chance(0.85):
                row["wait"] = rng.choice([2, 5, 5.5, 9, 20, 21, 60, 200])
        row.update(more)
        self.judged(row, start + sec(1200))
        return row

    def chat(self):
        rng = self.rng
        start = self.start()
        outcome = rng.choices(["answered", "abandoned", "missed", ""], [10, 2, 1, 1])[0]
        wait = self.spread(35, 2.5)
        row = self.row(
            source="live",
            channel="chat",
            customer_email=self.customer(),
            direction="inbound",
            topic=self.topic(),
            priority=self.priority(),
            started_at=z(start),
            outcome=outcome,
        )
        if outcome == "answered":
            picked = start + wait
            how = rng.random()
            if how < 0.4:
                row["wait"] = int(wait.total_seconds())
            elif how < 0.7:
                row["first_response_at"] = z(picked + sec(8))
                row["answered_at"] = z(picked)
            elif how < 0.9:
                row["answered_at"] = z(picked)
            row["handle"] = rng.randint(60, 1500) if self.chance(0.7) else ""
            row["replies"] = rng.randint(1, 12) if self.chance(0.8) else ""
            row["transfers"] = rng.choice([0, 0, 0, 1, ""])
            row["agent"] = rng.choice(AGENTS)
            if self.chance(0.6):
                row["status"] = rng.choices(["resolved", "closed", "open", "unresolved"], [5, 3, 1, 1])[0]
                if row["status"] in ("resolved", "closed") and self.chance(0.93):
                    row["resolved_at"] = z(min(picked + self.spread(900, 4), SEEN))
                    row["reopens"] = rng.choice([0, 0, 0, 1, ""])
            if self.chance(0.4):
                row["csat"] = rng.choices([1, 2, 3, 0, 4], [2, 2, 6, 1, 0.5])[0]
                row["csat_scale"] = 3
                row["csat_at"] = z(min(picked + self.spread(2500, 2), SEEN))
        elif outcome == "abandoned" and self.chance(0.8):
            row["wait"] = rng.choice([3, 15, 60, 61, 140])
        self.judged(row, start + sec(3000))
        return row

    def visit(self):
        """A shop writes down whom it served, and nobody who left: it has no losses."""
        start = self.start()
        row = self.row(
            source="shop",
            channel="in_person",
            customer_email=self.customer(),
            topic=self.topic(),
            started_at=z(start),
            outcome="answered",
            agent=self.rng.choice(AGENTS),
            wait=self.rng.randint(0, 600),
        )
        if self.chance(0.5):
            row["talk"] = self.rng.randint(30, 900)
        if self.chance(0.4):
            row["csat"], row["csat_scale"] = self.rng.choice([1, 2, 2, 2, 0]), 2
            row["csat_at"] = z(start + sec(1800))
        return row

    def machine(self):
        """Bots and self-service; some are handed to people."""
        rng = self.rng
        start = self.start()
        channel = rng.choice(["bot", "bot", "self_service", "chat"])
        row = self.row(
            source="portal",
            channel=channel,
            customer_email=self.customer(),
            topic=self.topic(),
            started_at=z(start),
        )
        if channel == "chat":
            if self.chance(0.5):
                row["bot"] = "true"
            else:
                row["agent"] = "Robo"
            row["status"] = "resolved"
            row["resolved_at"] = z(start + sec(rng.randint(30, 400)))
            if self.chance(0.5):
                row["first_response_at"] = z(start + sec(2))
        else:
            row["bot"] = "true"
            if channel == "bot" and self.chance(0.3):
                row["bot"] = "false"
                row["replies"] = rng.randint(1, 3)
        return row

    def mailbot(self):
        """An e-mail that only the auto-responder touched, told by its agent or by the flag."""
        start = self.start()
        row = self.row(
            source="desk",
            channel="email",
            customer_email=self.customer(),
            topic=self.topic(),
            priority=self.priority(),
            started_at=z(start),
            first_response_at=z(start + sec(self.rng.randint(1, 90))),
        )
        row["agent" if self.chance(0.5) else "bot"] = "x"
        row["agent"], row["bot"] = ("Robo", "") if row.get("agent") else ("", "true")
        if self.chance(0.6):
            row["status"], row["resolved_at"], row["reopens"] = "resolved", z(min(start + sec(self.rng.randint(100, 9000)), SEEN)), 0
        else:
            row["status"] = "open"
        return row

    def outbound(self, customer=None, start=None, **more):
        rng = self.rng
        start = start or self.start()
        channel = rng.choice(["phone", "email", "sms"])
        row = self.row(
            source="desk",
            channel=channel,
            customer_email=self.customer() if customer is None else customer,
            direction="outbound",
            topic=self.topic(),
            started_at=z(start),
            agent=rng.choice(AGENTS),
        )
        if self.chance(0.15):
            row["bot"] = "true"
        if self.chance(0.1):
            row["agent"] = "Robo"
        row.update(more)
        return row

    # -- traps, one after the other

    def traps(self):
        rng = self.rng
        # Negative durations, replies and resolutions before the start.
        for n in range(6):
            start = self.start()
            early, late = z(start - sec(60 + n)), z(min(start + sec(7200), SEEN))
            base = dict(source="desk", channel="email", customer_email=self.customer(), priority="normal", started_at=z(start))
            self.row(**base, status="resolved", first_response_at=late, resolved_at=early, reopens=0)
            self.row(**base, status="resolved", first_response_at=early, resolved_at=late, reopens=0, replies=1)
            self.row(**base, status="open", first_response_at=early)
            self.row(**base, status="resolved", resolved_at=late, vendor_first_response=-50, reopens=0)
            self.call(start=self.start(), outcome="answered", wait=-5, talk=100, ended_at="")
            self.call(start=self.start(), outcome="answered", wait=9, talk=-100, hold=5, wrap=5, handle="", ended_at="")
        # Durations by the vendor, where the instants are missing.
        for n in range(14):
            self.row(
                source="desk",
                channel=rng.choice(["email", "messaging", "web_form"]),
                customer_email=self.customer(),
                priority="normal",
                started_at=z(min(self.start(), SEEN - timedelta(days=3))),
                status="resolved",
                vendor_first_response=rng.randint(60, 60000),
                vendor_resolution=rng.randint(60001, 200000),
                replies=1,
                reopens=0,
            )
        # Resolved at an unknown time; closed without a reply; a state that nobody knows.
        for n in range(12):
            base = dict(source="desk", channel="email", customer_email=self.customer(), priority="normal")
            start = self.start()
            self.row(**base, started_at=z(start), status="closed", first_response_at=z(min(start + sec(3000), SEEN)), replies=1)
            start = self.start()
            self.row(**base, started_at=z(start), status="closed", resolved_at=z(min(start + sec(30000), SEEN)), reopens=0)
            self.row(**base, started_at=z(self.start()))
            start = self.start()
            self.row(**base, started_at=z(start), status="closed", closed_at=z(min(start + sec(90000), SEEN)), replies=1, reopens=0)
        # Known to the day only: on a channel without targets; none is answered within a day.
        for n in range(26):
            day = FIRST_DAY + timedelta(days=rng.randrange(66))
            row = self.row(
                source="desk",
                channel="social",
                customer_email=self.customer(),
                topic=self.topic(),
                started_at=day.isoformat(),
                status=rng.choice(["resolved", "resolved", "open", "unresolved"]),
            )
            if row["status"] == "resolved":
                row["resolved_at"] = (day + timedelta(days=rng.randint(0, 5))).isoformat()
                row["reopens"] = 0
                if self.chance(0.6):
                    row["first_response_at"] = (day + timedelta(days=rng.randint(0, 1))).isoformat()
                    row["replies"] = rng.randint(1, 2)
        for n in range(4):
            start = self.start()
            day = (start + timedelta(days=2)).date().isoformat()
            self.row(source="desk", channel="social", customer_email=self.customer(), started_at=z(start), status="open")
            if day < "2026-05-13":
                self.row(
                    source="desk", channel="social", customer_email=self.customer(), started_at=z(start), status="resolved",
                    resolved_at=day, reopens=0,
                )  # fmt: skip
        # Rows that are no contacts, for one reason or two.
        for n in range(8):
            for status in ["spam", "deleted", "merged", "test"]:
                self.row(
                    source="desk", channel=rng.choice(["email", "web_form"]), customer_email=self.customer(),
                    started_at=z(self.start()), status=status,
                    direction=rng.choice(["inbound", "inbound", "outbound"]),
                )  # fmt: skip
        for n in range(60):
            self.outbound()
        # No start, or none that can be read.
        for n in range(4):
            self.row(source="desk", channel="email", customer_email=self.customer(), started_at="", status="open")
        self.row(source="desk", channel="email", customer_email=self.customer(), started_at="2026-02-30T10:00:00Z", status="open")
        # A century wrong: the row is left out, another instant only becomes missing.
        self.row(source="desk", channel="email", customer_email=self.customer(), started_at="2062-03-26T09:00:00Z", status="open")
        self.row(
            source="desk", channel="email", customer_email=self.customer(), started_at="2026-03-18T09:00:00Z",
            first_response_at="2026-03-18T10:00:00Z", status="resolved", resolved_at="2062-03-19T09:00:00Z", priority="normal",
        )  # fmt: skip
        # The edges of weeks and of the day on which the clocks go forward.
        for when in [
            "2026-03-08T22:59:59Z", "2026-03-15T23:00:00Z", "2026-03-15T22:59:59Z", "2026-03-29T00:59:59Z", "2026-03-29T01:00:00Z",
            "2026-03-29T21:59:59Z", "2026-03-29T22:00:00Z", "2026-03-29T22:59:59Z", "2026-05-10T21:59:59Z", "2026-05-10T22:00:00Z",
        ]:  # fmt: skip
            start = at(when)
            self.row(
                source="desk", channel="email", customer_email=self.customer(), started_at=when, status="resolved", priority="normal",
                first_response_at=z(start + sec(28800)), resolved_at=z(start + sec(172800)), reopens=0, replies=1,
            )  # fmt: skip
            self.call(start=start, outcome="answered", wait=20)
        # Exactly on a threshold and one second beyond: replies, windows, repeats.
        day = 86400
        for n, (start, gap) in enumerate(
            [
                ("2026-03-10T09:00:00Z", 7 * day),
                ("2026-03-11T09:00:00Z", 7 * day + 1),
                ("2026-03-12T09:00:00Z", 7 * day - 1),
                ("2026-03-26T12:00:00Z", 7 * day - 1800),
                ("2026-04-14T09:00:00Z", 3 * day),
                ("2026-04-15T09:00:00Z", 3 * day - 1),
                ("2026-04-16T09:00:00Z", 3 * day + 1),
            ]
        ):
            who, first = f"edge{n}@mail.example", at(start)
            for k, when in enumerate([first, first + sec(gap)]):
                self.row(
                    source="desk", channel="email", customer_email=who, started_at=z(when), status="resolved", priority="urgent",
                    first_response_at=z(when + sec(7200 + k)), resolved_at=z(when + sec(day + k)), reopens=0, replies=1,
                )  # fmt: skip
            # Resolved at the very end of the window, and one second later; reopened there.
            for k, r in enumerate([7 * day, 7 * day + 1]):
                self.row(
                    source="desk", channel="web_form", customer_email=f"late{n}{k}@mail.example", started_at=start, status="resolved",
                    first_response_at=z(first + sec(100)), resolved_at=z(first + sec(r)), reopens=0, replies=1, priority="normal",
                )  # fmt: skip
        # Two contacts of one customer in the same second, in one source and in two.
        for n in range(6):
            who, when = f"twin{n}@mail.example", z(self.start())
            self.row(interaction_id=f"tw{n}b", source="desk", channel="email", customer_email=who, started_at=when, first_response_at=when, status="open")
            if n % 2:
                self.call(customer_email=who, start=at(when), outcome="answered", interaction_id=f"tw{n}a", wait=3, ended_at="", talk="", handle="")
            else:
                self.row(interaction_id=f"tw{n}a", source="desk", channel="web_form", customer_email=who, started_at=when, first_response_at=when, status="open")
        # Calls that go on with the one before: at 30 minutes exactly, a second later, in a chain, after an abandoned one, past a mail.
        for n in range(5):
            base = min(self.start(), SEEN - timedelta(hours=9)).replace(second=0)
            for k, (gap, outcome) in enumerate(
                [(1800, "answered"), (1801, "answered"), (600, "abandoned"), (1200, "answered"), (60, "missed")]
            ):
                who = f"line{n}{k}@mail.example"
                one = dict(customer_email=who, talk=300, hold=0, wrap=5, handle="", wait=10)
                self.call(start=base, outcome="answered", **one, topic="login", ended_at=z(base + sec(310)))
                second = base + sec(310 + gap)
                ended = z(second + sec(310)) if outcome == "answered" else ""
                more = one if outcome == "answered" else dict(customer_email=who, wait=10)
                self.call(start=second, outcome=outcome, **more, topic=rng.choice(["login", "refund", ""]), ended_at=ended)
                if k in (0, 3):  # a chain runs on from the end of its last call
                    third = second + sec(310 + 1700)
                    self.call(start=third, outcome="answered", **one, topic="", ended_at=z(third + sec(310)))
                if k == 2:  # after the abandoned call, still within 30 minutes of the end of the answered one
                    third = base + sec(310 + 1500)
                    self.call(start=third, outcome="answered", **one, topic="login", ended_at=z(third + sec(310)))
                if k == 1 and n % 2:  # a mail between two calls
                    self.row(
                        source="desk", channel="email", customer_email=who, started_at=z(base + sec(700)), status="open", topic="login",
                        priority="low",
                    )  # fmt: skip
                if n > 2:  # and somebody comes back within seven days of the first, or only of the last
                    back = base + sec(7 * day - 5) if n == 3 else base + sec(7 * day + 200)
                    if back < SEEN:
                        self.call(start=back, outcome="answered", customer_email=who, wait=1, ended_at=z(back + sec(5)), talk=4, topic="login")
        # Topics: different, the same, missing on one side.
        for n, (a, b) in enumerate([("login", "refund"), ("login", "login"), ("", "refund"), ("login", ""), ("", "")]):
            start = self.start()
            for k, topic in enumerate([a, b]):
                when = start + sec(k * 90000)
                if when < SEEN:
                    self.row(
                        source="desk", channel="email", customer_email=f"topic{n}@mail.example", topic=topic, started_at=z(when),
                        first_response_at=z(min(when + sec(50), SEEN)), replies=1, status="open",
                    )  # fmt: skip
        # An outcome that contradicts its pick-up; nothing known of a live contact; legs of one call.
        for n in range(6):
            start = self.start()
            self.call(start=start, outcome="abandoned", wait=7, answered_at=z(start + sec(9)))
            self.row(source="lines", channel="phone", customer_email=self.customer(), started_at=z(self.start()))
            start = self.start()
            who = self.customer()
            for k in range(3):
                when = start + sec(k * 200)
                self.row(
                    case_id=f"case-{n}", source="lines", channel="phone", customer_email=who, started_at=z(when), outcome="answered",
                    wait=10 + k, talk=100 if k != 1 else (0 if n % 2 else 50), wrap=3, hold=1, ended_at=z(when + sec(150)), transfers=0,
                )  # fmt: skip
        # One-row groups.
        self.row(source="desk", channel="other", customer_email="c001@mail.example", started_at="2026-04-08T10:00:00Z", status="open")
        # The same record twice: the later update counts.
        for n in range(3):
            row = self.row(
                source="desk", channel="email", customer_email=self.customer(), started_at="2026-04-09T10:00:00Z", status="open",
                updated_at="2026-04-09T10:00:00Z", priority="low",
            )  # fmt: skip
            self.rows.append(row | dict(status="resolved", resolved_at="2026-04-10T10:00:00Z", updated_at="2026-04-10T10:00:00Z", reopens=0))
        # Follow-ups after a resolution: soon, at seven days, later, and while something is open.
        done = [r for r in self.rows if r.get("status") in ("resolved", "closed") and len(r.get("resolved_at", "")) > 10 and r.get("customer_email")]
        for row in rng.sample(done, 60):
            when = at(row["resolved_at"]) + sec(rng.choice([600, 90000, 300000, 7 * day, 7 * day + 1, 9 * day]))
            if when < SEEN:
                self.outbound(customer=row["customer_email"], start=when, bot="", agent="Ada")
        # Two sources share an id; events say whose they are, or not.
        for source, channel in [("desk", "email"), ("live", "messaging")]:
            row = self.row(
                interaction_id="shared-1", source=source, channel=channel, customer_email=f"{source}@mail.example",
                started_at="2026-04-21T08:00:00Z", priority="low",
            )  # fmt: skip
        self.event(row, at("2026-04-21T08:00:00Z"), "message_in", "", "customer", "live")
        self.event(row, at("2026-04-21T08:30:00Z"), "message_out", "Ada", "human", "live")
        self.event(row, at("2026-04-21T09:00:00Z"), "resolved", "Ada", "human", "desk")
        self.event(row, at("2026-04-21T08:10:00Z"), "message_out", "Ada", "human", "")  # whose? ignored
        # Events that belong to nothing, or are before the start of what they belong to.
        self.event({"interaction_id": "nobody"}, at("2026-04-21T09:00:00Z"), "message_out", "Ada", "human")
        for n in range(5):
            start = self.start()
            row = self.row(source="desk", channel="web_form", customer_email=self.customer(), started_at=z(start), priority="low", status="open")
            self.event(row, start - sec(90), "message_out", "Ada", "human")
            self.event(row, start, "message_in", "", "customer")
        # A history of messages only: the state is that of the columns.
        for n in range(5):
            start = self.start()
            row = self.row(
                source="desk", channel="web_form", customer_email=self.customer(), started_at=z(start), priority="low", status="resolved",
                resolved_at=z(min(start + sec(50000), SEEN)), reopens=0,
            )  # fmt: skip
            self.event(row, start, "message_in", "", "customer")
            self.event(row, start + sec(1800), "message_out", "Ada", "human")
        # Closed without a word before its week is judged, reopened after that: once, and after being reopened before.
        for n, (channel, start) in enumerate([("email", "2026-03-17T09:00:00Z"), ("sms", "2026-04-07T09:00:00Z"), ("messaging", "2026-04-22T09:00:00Z")]):
            row = self.row(source="desk", channel=channel, customer_email=f"again{n}@mail.example", started_at=start, priority="low", status="open")
            when = at(start)
            self.event(row, when, "message_in", "", "customer")
            for hours, kind in [(3, "resolved")] + [(20, "reopened"), (30, "closed")] * (n > 0) + [(14 * 24, "reopened")]:
                self.event(row, when + sec(3600 * hours), kind, "Ada", "human")
        # The last contact of all: this is as-of.
        self.row(source="desk", channel="email", customer_email="c002@mail.example", started_at=z(AS_OF), status="open", priority="low")

    # -- the other files

    def ask(self):
        rng = self.rng
        asked = [
            r
            for r in self.rows
            if len(r.get("started_at", "")) > 10 and "2026-03-01" < r["started_at"] < "2026-05-12" and not r.get("csat") and not r.get("nps")
            and not r.get("ces") and r["interaction_id"] != "shared-1"
        ]  # fmt: skip
        for n, row in enumerate(rng.sample(asked, 330)):
            kind = rng.choice(["csat", "csat", "nps", "ces"])
            sent = at(row["started_at"]) + self.spread(90000, 2)
            if sent > SEEN - timedelta(hours=1):
                continue
            # Some were asked apart from any contact, a few about one that the export does not hold.
            linked = rng.choices([row["interaction_id"], "", "gone-1"], [6, 3, 0.3])[0]
            for again in range(2 if kind == "csat" and linked == row["interaction_id"] and self.chance(0.15) else 1):
                answered = min(sent + sec(9000 * again) + self.spread(30000, 3), SEEN)
                survey = dict(
                    survey_id=f"s{n}-{again}",
                    customer_email="" if not linked and self.chance(0.1) else row["customer_email"],
                    interaction_id=linked,
                    kind=kind,
                    sent_at=z(sent) if self.chance(0.8) else "",
                    answered_at=z(answered),
                )
                if kind == "csat":
                    k = rng.choice([5, 5, 3, 2, ""])
                    survey["score"], survey["scale"] = rng.randint(1, k or 5), k if k or not again else 5
                    if self.chance(0.05):
                        survey["score"] = 0
                    elif self.chance(0.04):
                        survey["score"] = 9
                elif kind == "nps":
                    survey["score"] = rng.choices(range(12), [1, 0.3, 0.3, 1, 1, 2, 2, 3, 4, 5, 5, 0.5])[0]
                else:
                    k = rng.choice([5, 7, 7, ""])
                    survey["score"], survey["scale"] = rng.randint(1, k or 7), k
                    survey["high_is_easy"] = rng.choice(["true", "true", "false", ""])
                self.surveys.append(survey)
                if self.chance(0.25) and kind == "nps" and linked != "gone-1":  # asked again, and of another mind
                    self.surveys.append(
                        survey | dict(survey_id=f"s{n}-x", interaction_id="", score=rng.randint(0, 10), answered_at=z(min(answered + sec(400000), SEEN - sec(n))))
                    )
        for n in range(60):  # sent and never answered
            row = rng.choice(asked)
            sent = at(row["started_at"]) + sec(7200)
            self.surveys.append(
                dict(survey_id=f"u{n}", customer_email=row["customer_email"], interaction_id=rng.choice([row["interaction_id"], ""]),
                     kind=rng.choice(["csat", "nps"]), sent_at=z(sent), scale=5)
            )  # fmt: skip

    def buy(self):
        rng = self.rng
        first, last = at("2025-06-12T09:00:00Z"), at("2026-05-13T15:00:00Z")
        for n in range(620):
            # More orders lately, so that windows of four weeks hold enough.
            when = last - timedelta(seconds=int((last - first).total_seconds() * rng.random() ** 1.6))
            who = "" if self.chance(0.05) else f"c{rng.randint(1, 560):03d}@mail.example"
            amount = rng.randint(500, 30000) / 100
            refunded = amount if self.chance(0.06) else round(amount / 4, 2) if self.chance(0.05) else ""
            self.orders.append(dict(order_id=f"o{n}", customer_email=who, ordered_at=z(when), amount=amount, refunded=refunded))
        self.orders.append(dict(order_id="first", customer_email="c003@mail.example", ordered_at=z(first), amount=10))
        self.orders.append(dict(order_id="last", customer_email="c004@mail.example", ordered_at=z(last), amount=10))

    def keep(self):
        rng = self.rng
        for n in rng.sample(range(1, 560), 260):
            start = date(2024, 9, 1) + timedelta(days=rng.randrange(600))
            until = ""
            if self.chance(0.45):
                until = start + timedelta(days=rng.randint(5, 500))
                until = "" if until > date(2026, 5, 10) else until.isoformat()
            self.customers.append(
                dict(customer_email=f"c{n:03d}@mail.example", active_from=start.isoformat() if self.chance(0.95) else "", active_until=until)
            )

    def build(self):
        for _ in range(610):
            self.ticket()
        for _ in range(200):
            self.call()
        for _ in range(45):
            self.call(source="branch")
        for _ in range(130):
            self.chat()
        for _ in range(40):
            self.visit()
        for _ in range(50):
            self.machine()
        for _ in range(16):
            self.mailbot()
        self.row(source="desk", channel="email", customer_email="c005@mail.example", started_at="2026-03-02T07:30:00Z", status="open", priority="low")
        self.traps()
        self.ask()
        self.buy()
        self.keep()
        self.rng.shuffle(self.rows)
        self.rng.shuffle(self.surveys)

    def write(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name, columns, rows in [
            ("interactions.csv", INTERACTIONS, self.rows),
            ("events.csv", EVENTS, self.events),
            ("surveys.csv", SURVEYS, self.surveys),
            ("orders.csv", ORDERS, self.orders),
            ("customers.csv", CUSTOMERS, self.customers),
        ]:
            with open(folder / name, "w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, columns, lineterminator="\n", restval="")
                writer.writeheader()
                writer.writerows(rows)
        (folder / "deskstat.toml").write_text(SETTINGS, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    desk = Desk(args.seed)
    desk.build()
    desk.write(args.out)


if __name__ == "__main__":
    main()
