#!/usr/bin/env python3
"""The oracle against the figures that the definitions work out by hand."""

from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from statsmodels.stats.proportion import proportion_confint

import oracle

BERLIN = ZoneInfo("Europe/Berlin")


def near(a, b, within):
    assert abs(a - b) <= within, (a, b)


def kaplan_meier():
    """6-MP: S(6) .8571, S(10) .7529, S(22) .5378, S(23) .4482; median 23."""
    text = "6,6,6,6+,7,9+,10,10+,11+,13,16,17+,19+,20+,22,23,25+,32+,32+,34+,35+".split(",")
    s = oracle.curve([int(t.strip("+")) for t in text], ["+" not in t for t in text])
    for at, value in [(6, 0.8571), (10, 0.7529), (22, 0.5378), (23, 0.4482)]:
        near(s[at], value, 5e-5)
    assert oracle.reached(s, 0.5) == 23 and oracle.reached(s, 0.1) is None


def intervals():
    """Wilson 9/10: 0.5958 to 0.9821; 0/10: 0 to 0.2775. p90 of 1..10: 9.1."""
    for top, low, high in [(9, 0.5958, 0.9821), (0, 0, 0.2775)]:
        got = proportion_confint(top, 10, method="wilson")
        near(got[0], low, 5e-5), near(got[1], high, 5e-5)
    near(oracle.quantile(range(1, 11), 0.9), 9.1, 1e-12)


def business():
    """Mon-Fri 9-17 in Berlin: Sat 2025-03-29 12:00 to Mon 31st 10:00 is 45 h and 1 h; Sat 2025-10-25 12:00 to Mon 27th 10:00, 47 h and 1 h."""
    schedule = dict(name="office", weekdays=["09:00-17:00"])
    hours = oracle.Hours(dict(hours=[schedule]), BERLIN, date(2025, 3, 1), date(2025, 11, 1))
    at = lambda *when: datetime(*when, tzinfo=BERLIN).timestamp()  # noqa: E731
    for start, end, calendar in [
        (at(2025, 3, 29, 12), at(2025, 3, 31, 10), 45),
        (at(2025, 10, 25, 12), at(2025, 10, 27, 10), 47),
    ]:
        assert end - start == calendar * 3600 and hours.between(0, start, end) == 3600


def nps_and_service_level():
    """Answered 1000, 860 in 20 s; abandoned 60, 20 in 20 s, 10 in 5 s: seven levels. NPS of n 324: 33.3, SE 4.141."""
    calls = [("answered", 15)] * 860 + [("answered", 40)] * 140
    calls += [("abandoned", 4)] * 10 + [("abandoned", 15)] * 10 + [("abandoned", 60)] * 40
    rows = [
        SimpleNamespace(
            channel="phone", source="a", start=n, outcome=outcome, wait=wait, waited=wait, answered=outcome == "answered"
        )
        for n, (outcome, wait) in enumerate(calls)
    ]
    desk = SimpleNamespace(rows=rows, contacts=rows, settings={}, as_of=1e9)
    for formula, level in [
        ("offered", 81.13), ("answered", 86.00), ("late-abandons", 82.69), ("short-excluded", 81.90),
        ("abandon-ok", 83.02), ("short-ok", 82.08), ("removed", 83.02),
    ]:  # fmt: skip
        near(100 * oracle.service_level(oracle.View(desk, judged=1e9), formula)[""], level, 5e-3)
    surveys = [
        SimpleNamespace(row=None, kind="nps", customer=str(n), score=[10, 10, 10, 7, 7, 0][n % 6], answered=oracle.Instant(n))
        for n in range(324)
    ]
    nps = oracle.nps(oracle.View(SimpleNamespace(contacts=[], surveys=surveys, as_of=1e9, about=lambda survey: None), judged=1e9))
    near(nps[""], 100 / 3, 1e-9), near(nps["_se"], 4.141, 5e-4), near(nps["_low"], 25.2, 0.05), near(nps["_high"], 41.5, 0.06)


if __name__ == "__main__":
    for check in [kaplan_meier, intervals, business, nps_and_service_level]:
        check()
        print("ok", check.__name__)
