-- The report, from the four tables that the reader of the exports has filled: interaction, customer, survey and
-- purchase. It ends by printing `table,key,column,value`: a line for every figure of `deskstat report -f json`.
--
-- Not printed, because they are no figures of its tables: sentences and notices, the settings' goals, and the hashes of the
-- files. A mark (`chance`, `unusual`) is the figure 1, what a cell's note counts is a figure of its own.
--
-- Written for this shop alone: its zone, targets, own domain, service level and names of teams stand in the SQL, of the
-- weeks only those are looked at that the report shows, and only exports that repeat records are searched for copies.

-- HubSpot, the customer system of both.
CREATE TEMP TABLE customer AS
SELECT id_of('crm:', id) AS crm, address(email) AS email, phone_number(phone) AS phone, person(name) AS name
FROM (
    SELECT "Record ID" AS id, plain("Email") AS email, bare("Phone Number") AS phone,
        plain(concat_ws(' ', "First Name", "Last Name")) AS name
    FROM read_csv(getvariable('folder') || '/hubspot-contacts.csv', header = true, delim = ';', quote = '"',
        all_varchar = true, ignore_errors = true, sample_size = 100)
);

-- 1. When it is ------------------------------------------------------------------------------------------------------

-- Mistyped dates: after them lie fewer than max(3, 0.1 %) of the rows, before them 30 days without any.
SET VARIABLE cut = (
    WITH event AS (
        SELECT greatest(began, resolved, updated, answered, replied, rated, ended) AS began FROM interaction
        UNION ALL SELECT began FROM survey
    ), day AS (
        SELECT began // days(1) AS day, count(*) AS n FROM event WHERE began IS NOT NULL GROUP BY ALL
    ), silence AS (
        SELECT day, lead(day) OVER (ORDER BY day) - day AS pause, sum(n) OVER () AS rows,
            sum(n) OVER (ORDER BY day ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS beyond
        FROM day
    )
    SELECT coalesce(min(days(day + 1)), days(100000)) FROM silence
    WHERE pause > 30 AND beyond < greatest(3, ceil(rows / 1000)) AND beyond * 10 <= rows
);
CREATE TEMP MACRO seen(t) AS CASE WHEN t < getvariable('cut') THEN t END;

SET VARIABLE as_of = (
    SELECT max(began) FROM (
        SELECT greatest(began, seen(resolved), seen(updated), seen(answered), seen(replied), seen(rated), seen(ended)) AS began
        FROM interaction WHERE began < getvariable('cut')
        UNION ALL SELECT seen(began) FROM survey
    )
);
SET VARIABLE last_order = (SELECT max(began) FROM purchase WHERE began <= getvariable('as_of'));

-- 2. Who is who ------------------------------------------------------------------------------------------------------

-- The keys of all rows. Colleagues' rows join nothing and nobody.
CREATE TEMP TABLE keys AS
SELECT NULL::BIGINT AS crm, email, external, own, phone, name FROM interaction WHERE began < getvariable('cut')
UNION ALL SELECT crm, email, NULL, NULL, phone, name FROM customer
UNION ALL SELECT NULL, email, NULL, own, NULL, name FROM survey
UNION ALL SELECT NULL, email, NULL, NULL, phone, name FROM purchase;

-- Addresses and numbers under more than five names are shared.
CREATE TEMP TABLE shared_email AS
SELECT email AS key FROM keys WHERE email IS NOT NULL GROUP BY email
HAVING min(name) <> max(name) AND count(DISTINCT name) > 5 OR email <= 1;
CREATE TEMP TABLE shared_phone AS
SELECT phone AS key FROM keys WHERE phone IS NOT NULL GROUP BY phone
HAVING min(name) <> max(name) AND count(DISTINCT name) > 5;

-- Ids that stand with such addresses only are as doubtful as they are.
CREATE TEMP TABLE shared_id AS
WITH id AS (
    SELECT own AS key, email FROM keys WHERE own IS NOT NULL AND email IS NOT NULL
    UNION ALL SELECT external, email FROM keys WHERE external IS NOT NULL AND email IS NOT NULL
), doubtful AS (
    SELECT DISTINCT key FROM id WHERE email IN (FROM shared_email)
)
FROM doubtful ANTI JOIN (FROM id WHERE email NOT IN (FROM shared_email)) AS good USING (key);

CREATE TEMP TABLE usable AS
SELECT DISTINCT crm,
    CASE WHEN email NOT IN (FROM shared_email) THEN email END AS email,
    CASE WHEN external NOT IN (FROM shared_id) THEN external END AS external,
    CASE WHEN own NOT IN (FROM shared_id) THEN own END AS own,
    CASE WHEN phone NOT IN (FROM shared_phone) THEN phone END AS phone
FROM keys WHERE email IS DISTINCT FROM 1;

-- Connected components: each key takes the smallest label that it or a neighbour has, and then the label of that label.
-- A round more than doubles how far labels reach; that the rounds below were enough is checked.
CREATE TEMP MACRO spread(edges, labels) AS TABLE
    WITH nearest AS (
        SELECT e.b AS key, min(l.label) AS label FROM query_table(edges) AS e JOIN query_table(labels) AS l ON l.key = e.a GROUP BY e.b
    ), lower AS (
        SELECT key, least(l.label, n.label) AS label FROM query_table(labels) AS l JOIN nearest AS n USING (key)
    )
    SELECT lower.key, up.label FROM lower JOIN lower AS up ON up.key = lower.label;
CREATE TEMP MACRO unsettled(edges, labels) AS TABLE
    SELECT count(*) AS n FROM query_table(edges) AS e
    JOIN query_table(labels) AS x ON x.key = e.a JOIN query_table(labels) AS y ON y.key = e.b WHERE x.label <> y.label;

-- Keys that stand in one row belong to one customer: the smallest key that can be reached is his name. Phones come later.
CREATE TEMP TABLE edge AS
WITH pair AS (
    SELECT DISTINCT coalesce(crm, email, external) AS a, UNNEST([email, external, own]) AS b FROM usable
)
SELECT a, b FROM pair WHERE a <> b UNION ALL SELECT b, a FROM pair WHERE a <> b;

CREATE TEMP TABLE strong1 AS SELECT a AS key, least(a, min(b)) AS label FROM edge GROUP BY a;
CREATE TEMP TABLE strong AS FROM spread(edge, strong1);
SET VARIABLE settled = (SELECT CASE WHEN n > 0 THEN error('customers need another round') END FROM unsettled(edge, strong));

-- A phone joins what it stands with, unless that would make one customer of two in the customer system.
CREATE TEMP TABLE owner AS
SELECT DISTINCT phone, coalesce(strong.label, u.key) AS key
FROM (SELECT phone, coalesce(crm, email, external, own) AS key FROM usable WHERE phone IS NOT NULL) AS u
LEFT JOIN strong USING (key)
WHERE u.key IS NOT NULL;

CREATE TEMP TABLE phone_edge AS SELECT phone AS a, key AS b FROM owner UNION ALL SELECT key, phone FROM owner;
CREATE TEMP TABLE weak1 AS SELECT a AS key, least(a, min(b)) AS label FROM phone_edge GROUP BY a;
CREATE TEMP TABLE weak AS FROM spread(phone_edge, weak1);
SET VARIABLE settled = (SELECT CASE WHEN n > 0 THEN error('phones need another round') END FROM unsettled(phone_edge, weak));

CREATE TEMP TABLE conflict AS
SELECT weak.label
FROM (SELECT DISTINCT coalesce(strong.label, crm) AS key FROM usable LEFT JOIN strong ON strong.key = crm WHERE crm IS NOT NULL)
JOIN weak USING (key)
GROUP BY weak.label HAVING count(*) > 1;

-- The customer of a key; a phone in conflict is nobody's. A key that is not here joins nothing and is its own customer.
CREATE TEMP TABLE known AS
SELECT strong.key, CASE WHEN weak.label IS NULL OR weak.label IN (FROM conflict) THEN strong.label ELSE weak.label END AS customer
FROM strong LEFT JOIN weak ON weak.key = strong.label
UNION ALL
SELECT key, label FROM weak ANTI JOIN strong USING (key)
WHERE label NOT IN (FROM conflict)
UNION ALL
SELECT DISTINCT owner.phone, NULL::BIGINT FROM owner JOIN weak ON weak.key = owner.phone WHERE label IN (FROM conflict);

-- What is not asked again makes room.
DROP TABLE keys; DROP TABLE usable; DROP TABLE edge; DROP TABLE strong1; DROP TABLE strong; DROP TABLE owner;
DROP TABLE phone_edge; DROP TABLE weak1; DROP TABLE weak; DROP TABLE conflict; DROP TABLE customer;

-- The key that a row's customer is known by: a phone only where there is nothing better.
CREATE TEMP MACRO best_key(crm, email, external, own, phone) AS CASE WHEN email IS DISTINCT FROM 1 THEN coalesce(
    crm,
    CASE WHEN email NOT IN (FROM shared_email) THEN email END,
    CASE WHEN external NOT IN (FROM shared_id) THEN external END,
    CASE WHEN own NOT IN (FROM shared_id) THEN own END,
    CASE WHEN phone NOT IN (FROM shared_phone) THEN phone END) END;

-- 3. What is true of each contact ------------------------------------------------------------------------------------

-- Sources in which somebody was lost; the others cannot tell how many were offered.
CREATE TEMP TABLE lossy AS
SELECT DISTINCT source FROM interaction
WHERE outcome IN ('abandoned', 'lost') AND channel IN ('phone', 'chat', 'in_person') AND began < getvariable('cut');

CREATE TEMP TABLE contact AS
WITH who AS (
    SELECT *, best_key(crm, email, external, own, phone) AS key,
        channel IN ('phone', 'chat', 'in_person') AS is_live,
        channel IN ('email', 'web_form', 'social', 'sms', 'messaging') AS is_written,
        seen(resolved) AS solved, seen(replied) AS spoke,
        -- The vendor's own duration counts where there is no instant.
        CASE WHEN state = 'done' AND solved IS NULL THEN began + vendor_resolution END AS solved_by_vendor
    FROM interaction
    WHERE NOT is_out AND began < getvariable('cut')
), resolution AS (
    SELECT * REPLACE (CASE WHEN solved_by_vendor > getvariable('as_of') THEN 'open' ELSE state END AS state),
        CASE WHEN state IN ('open', 'done') AND coalesce(solved, solved_by_vendor) BETWEEN began AND getvariable('as_of')
            THEN coalesce(solved, solved_by_vendor) END AS resolved_at,
        CASE WHEN NOT is_written OR is_bot THEN NULL
            WHEN spoke IS NOT NULL THEN CASE WHEN spoke >= began THEN spoke END
            WHEN vendor_reply >= 0 AND began + vendor_reply <= getvariable('as_of') THEN began + vendor_reply END AS replied_at,
        CASE WHEN NOT is_live OR is_bot THEN NULL
            WHEN wait >= 0 THEN wait
            WHEN outcome = 'answered' THEN coalesce(CASE WHEN channel = 'chat' THEN spoke END, answered) - began END AS took
    FROM who
)
SELECT CASE WHEN known.key IS NULL THEN r.key ELSE known.customer END AS customer,
    began, source, id, channel, team, topic, is_written, is_live,
    channel = 'phone' AS is_phone, state, resolved_at, solved IS NULL AS is_vendor_resolution, replied_at, spoke IS NULL AS is_vendor_reply,
    replies, reopens,
    is_live AND NOT is_bot AND coalesce(outcome = 'answered', false) AS is_answered,
    is_live AND NOT is_bot AND coalesce(outcome = 'abandoned', false) AS is_abandoned,
    is_live AND NOT is_bot AND outcome IS NOT NULL AND source IN (FROM lossy) AS is_offered,
    CASE WHEN took >= 0 THEN took END AS wait,
    NOT is_bot AND (coalesce(outcome = 'answered', false) OR coalesce(talk > 0, false)
        OR replied_at IS NULL AND (coalesce(spoke >= began, false) OR coalesce(replies > 0, false))) AS is_touched,
    CASE WHEN channel = 'email' AND priority = 'urgent' THEN 4 * 3600000 WHEN channel = 'email' THEN 8 * 3600000
        WHEN channel = 'web_form' THEN 4 * 3600000 WHEN channel IN ('sms', 'messaging') THEN 1800000 END::BIGINT AS target,
    -- When a call was over.
    coalesce(seen(ended), coalesce(answered, began + CASE WHEN took >= 0 THEN took END) + talk) AS over_at,
    rated, csat, scale
FROM resolution AS r LEFT JOIN known USING (key);

DROP TABLE interaction;
SET VARIABLE first_at = (SELECT min(began) FROM contact);

-- Calls that go on with the answered one before them, within half an hour of its end.
CREATE TEMP TABLE continuation AS
SELECT contact_row FROM (
    SELECT rowid AS contact_row, began, last_value(CASE WHEN is_answered THEN coalesce(over_at, 0) END IGNORE NULLS) OVER (
        PARTITION BY customer ORDER BY began, source, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS over_at
    FROM contact WHERE is_phone AND customer IS NOT NULL
)
WHERE began <= over_at + 1800000;

-- 4. Weeks ------------------------------------------------------------------------------------------------------------

-- The last week whose final usual working day is reached, at the hour by which 95 % of that day's contacts have come.
SET VARIABLE newest = (SELECT max(began) FROM contact);
SET VARIABLE monday = (
    WITH hour AS (
        SELECT isodow(local(began)) AS weekday, hour(local(began)) AS hour, count(*) AS n
        FROM contact WHERE began > getvariable('newest') - days(56) GROUP BY ALL
    ), reached AS (
        SELECT weekday, hour, sum(n) OVER (PARTITION BY weekday) AS whole, sum(n) OVER () AS total,
            sum(n) OVER (PARTITION BY weekday ORDER BY hour) AS part
        FROM hour
    ), final AS (
        SELECT weekday, min(hour) AS hour FROM reached WHERE whole >= 0.05 * total AND part >= 0.95 * whole
        GROUP BY weekday ORDER BY weekday DESC LIMIT 1
    )
    SELECT date_trunc('week', newest)::DATE - CASE WHEN (isodow(newest), hour(newest)) >= (weekday, hour) THEN 0 ELSE 7 END
    FROM final, (SELECT local(getvariable('newest')) AS newest)
);
SET VARIABLE lag = getvariable('as_of') - midnight(getvariable('monday') + 7);

-- Week 0 is the last one, and those before it are negative. Each is judged at its own end plus the same lag; where that is
-- before its end, it is cut there.
CREATE TEMP TABLE week AS
SELECT n, begins, CASE WHEN getvariable('lag') < 0 THEN judged + 1 ELSE ends END AS ends, judged,
    strftime(getvariable('monday') + 7 * n, '%G-W%V') AS name
FROM (
    SELECT n, midnight(getvariable('monday') + 7 * n) AS begins, midnight(getvariable('monday') + 7 * n + 7) AS ends,
        least(ends + getvariable('lag'), getvariable('as_of')) AS judged
    FROM (SELECT UNNEST(range(-20, 1))::INTEGER AS n)
);
CREATE TEMP MACRO week_of(t) AS (local(t)::DATE - (getvariable('monday') - 140)) // 7 - 20;
-- The last week in which no contact is too recent for a look at the seven days after it.
SET VARIABLE ripe = (SELECT max(n) FROM week WHERE ends - 1 + days(7) <= getvariable('as_of'));

-- What each week is counted for: by itself, `back` weeks before the last, all contacts together; as one of four, which are
-- counted together as -1 back, for the average; and the last two by channel, team and topic (split 1, 2, 3) too. `ripe` is
-- the same one week or more earlier, for figures that look ahead.
CREATE TEMP TABLE shown AS
SELECT clock, back, split, week.*
FROM (VALUES ('own', 0), ('ripe', getvariable('ripe'))) AS clocks(clock, latest), (
    SELECT UNNEST(range(14)) AS back, UNNEST(range(14)) AS weeks, 0 AS split
    UNION ALL SELECT -1, UNNEST([1, 2, 3, 4]), 0
    UNION ALL SELECT back, back, UNNEST([1, 2, 3]) FROM range(2) AS weeks(back)
) JOIN week ON week.n = latest - weeks;
-- One week more: who came back in the first one had come in the one before.
SET VARIABLE oldest = (SELECT min(n) - 1 FROM shown);
SET VARIABLE since = (SELECT begins FROM week WHERE n = getvariable('oldest'));

-- The group of a row when rows are split so.
CREATE TEMP MACRO part(split, channel, team, topic) AS
    CASE split WHEN 0 THEN 'total' ELSE coalesce(CASE split WHEN 1 THEN channel WHEN 2 THEN team ELSE topic END, '(none)') END;

-- 5. Figures ----------------------------------------------------------------------------------------------------------

-- By start: what is seen of each contact of the last weeks when its week is judged.
CREATE TEMP TABLE head AS
SELECT contact_row, customer, topic, began, source, id, lag(began) OVER of_customer AS previous_at, lead(began) OVER of_customer AS next_at
FROM (
    SELECT rowid AS contact_row, customer, topic, began, source, id FROM contact
    WHERE customer IS NOT NULL AND began >= getvariable('since') - days(7) AND rowid NOT IN (FROM continuation)
) WINDOW of_customer AS (PARTITION BY customer ORDER BY began, source, id);

-- Those that come back within seven days with the same topic. A contact without a topic may be about anything.
CREATE TEMP TABLE repeated AS
WITH near AS (
    FROM head WHERE next_at - began <= days(7) OR began - previous_at <= days(7)
)
SELECT DISTINCT a.contact_row
FROM near AS a JOIN near AS b ON b.customer = a.customer AND b.began - a.began <= days(7)
    AND (b.began, b.source, b.id) > (a.began, a.source, a.id) AND coalesce(a.topic = b.topic, true);

-- DuckDB expects few contacts to be recent, and would hash all their columns in place of the heads.
SET disabled_optimizers = 'build_side_probe_side';
CREATE TEMP TABLE recent AS
SELECT contact.rowid AS contact_row, customer, began, channel, team, topic, is_written, is_live, is_phone, is_answered, is_abandoned,
    is_offered, is_touched, state, resolved_at, replied_at, is_vendor_reply, target, wait, week.n AS week, week.judged,
    head.contact_row IS NOT NULL AS is_head, previous_at, next_at,
    coalesce(replied_at <= judged, false) AS is_replied,
    state = 'done' AND resolved_at IS NULL AND judged < getvariable('as_of') AS is_undated,
    coalesce(is_touched OR replied_at IS NOT NULL, false) AS is_handled,
    coalesce(is_written AND NOT is_replied
        AND (state = 'open' OR state = 'done' AND resolved_at > judged OR replied_at > judged), false) AS is_waiting,
    CASE WHEN is_written AND is_replied THEN replied_at - began WHEN is_waiting THEN judged - began END AS frt,
    CASE WHEN is_answered AND began + wait <= judged THEN wait END AS waited,
    is_written AND began + target <= judged AS is_due,
    is_due AND coalesce(replied_at - began <= target, false) AS is_in_target,
    CASE WHEN is_due AND NOT is_in_target AND (is_replied OR is_waiting)
        THEN CASE WHEN is_replied THEN replied_at ELSE judged END - began - target END AS late,
    is_phone AND is_offered AND NOT (is_answered AND wait IS NULL) AS is_call,
    state IS NOT NULL AND NOT coalesce(is_undated, false) AS is_known,
    is_known AND state = 'done' AND coalesce(resolved_at <= judged, true) AS is_resolved,
    is_head AND began >= getvariable('first_at') + days(7) AS looks_back
FROM contact
JOIN week ON week.n = week_of(began) AND began < ends
LEFT JOIN (SELECT contact_row, previous_at, next_at FROM head) AS head ON head.contact_row = contact.rowid
WHERE began >= getvariable('since');
RESET disabled_optimizers;

CREATE TEMP TABLE by_start AS
SELECT back, split, key, contacts, contacts / max(contacts) FILTER (split = 0) OVER (PARTITION BY back) AS contacts_share,
    frt[1] / 1000 AS frt_p50, frt[2] / 1000 AS frt_p90, frt_mean / 1000 AS frt_mean, frt_n,
    wait[1] / 1000 AS wait_p50, wait[2] / 1000 AS wait_p90, wait_mean / 1000 AS wait_mean, wait_n,
    late / 1000 AS response_sla_late_p50, COLUMNS('^(response|service|abandonment|resol|repeat)')
FROM (
    SELECT back, split, part(split, channel, team, topic) AS key, count(*)::DOUBLE AS contacts,
        quantile_cont(frt, [0.5, 0.9]) AS frt, avg(frt) AS frt_mean, count(frt) AS frt_n,
        quantile_cont(waited, [0.5, 0.9]) AS wait, avg(waited) AS wait_mean, count(waited) AS wait_n,
        count(*) FILTER (is_in_target) / count(*) FILTER (is_due) AS response_sla, count(*) FILTER (is_due) AS response_sla_n,
        quantile_cont(late, 0.5) AS late, count(late) AS response_sla_late_n,
        count(*) FILTER (is_call AND is_answered AND wait <= 20000) / count(*) FILTER (is_call) AS service_level,
        count(*) FILTER (is_call) AS service_level_n,
        count(*) FILTER (is_offered AND is_abandoned) / count(*) FILTER (is_offered) AS abandonment,
        count(*) FILTER (is_offered) AS abandonment_n,
        count(*) FILTER (is_resolved) / count(*) FILTER (is_known) AS resolution_rate, count(*) FILTER (is_known) AS resolution_rate_n,
        count(*) FILTER (is_resolved AND (is_touched OR is_replied))
            / count(*) FILTER (is_known AND (is_touched OR is_replied)) AS resolved_handled,
        count(*) FILTER (is_known AND (is_touched OR is_replied)) AS resolved_handled_n,
        count(*) FILTER (looks_back AND began - previous_at <= days(7)) / count(*) FILTER (looks_back) AS repeat_contacts,
        count(*) FILTER (looks_back) AS repeat_contacts_n
    FROM recent JOIN shown ON shown.n = recent.week AND clock = 'own' GROUP BY ALL
);

CREATE TEMP TABLE by_start_ripe AS
SELECT back, split, part(split, channel, NULL, topic) AS key,
    count(*) FILTER (first AND NOT is_repeated
        AND NOT coalesce(state IN ('open', 'unresolved') OR resolved_at - began > days(7), false)) / count(*) FILTER (first) AS fcr,
    count(*) FILTER (first) AS fcr_n,
    count(*) FILTER (is_head AND next_at - began <= days(7)) / count(*) FILTER (is_head) AS repeat_rate,
    count(*) FILTER (is_head) AS repeat_rate_n
FROM (
    SELECT *, is_head AND is_handled AND (NOT is_phone OR is_answered) AS first, contact_row IN (FROM repeated) AS is_repeated FROM recent
) AS recent
JOIN shown ON shown.n = recent.week AND clock = 'ripe' AND split <> 2
GROUP BY ALL;

-- By the last resolution.
CREATE TEMP TABLE closed AS
SELECT contact.rowid AS contact_row, customer, channel, team, topic, state, replies, reopens, is_vendor_resolution, week.n AS week,
    CASE state WHEN 'done' THEN resolved_at - began END AS ttr
FROM contact JOIN week ON week.n = week_of(resolved_at) AND resolved_at < ends
WHERE resolved_at >= getvariable('since');

CREATE TEMP TABLE by_resolution AS
SELECT back, split, key, resolved, ttr[1] / 1000 AS ttr_full_p50, ttr[2] / 1000 AS ttr_full_p90, ttr_full_n
FROM (
    SELECT back, split, part(split, channel, team, topic) AS key, count(ttr)::DOUBLE AS resolved,
        quantile_cont(ttr, [0.5, 0.9]) AS ttr, count(ttr) AS ttr_full_n
    FROM closed JOIN shown ON shown.n = closed.week AND clock = 'own' GROUP BY ALL
);

CREATE TEMP TABLE by_resolution_ripe AS
SELECT back, split, part(split, NULL, team, NULL) AS key,
    count(*) FILTER (replies = 1 AND state <> 'open' AND NOT coalesce(reopens > 0, false)) / count(*) FILTER (replies > 0) AS one_touch,
    count(*) FILTER (replies > 0) AS one_touch_n
FROM closed JOIN shown ON shown.n = closed.week AND clock = 'ripe' AND split IN (0, 2) GROUP BY ALL;

-- A state at the end of each week: what had started before it and was not resolved before it.
CREATE TEMP TABLE by_state AS
WITH backlog AS (
    SELECT n, channel, team, least(ends, judged) - began AS age, NOT is_touched AND NOT coalesce(replied_at < ends, false) AS is_untouched
    FROM (FROM contact WHERE state = 'open' OR state = 'done' AND resolved_at >= getvariable('since')) AS open_case
    JOIN week ON n >= -13 AND began < ends AND (state = 'open' OR resolved_at >= ends)
), place AS (
    SELECT channel, team, min(began) AS began FROM contact GROUP BY ALL
), counted AS (
    -- Nothing open is 0, in every group that had a contact by then.
    SELECT n, channel, team, 0 AS cases, NULL AS age, false AS is_untouched FROM place JOIN week ON began < ends
    UNION ALL
    SELECT n, channel, team, 1, age, is_untouched FROM backlog
), state AS (
    SELECT back, split, part(split, channel, team, NULL) AS key, sum(cases) AS backlog,
        count(*) FILTER (age <= days(1)) AS backlog_0_1d, count(*) FILTER (age > days(1) AND age <= days(3)) AS backlog_1_3d,
        count(*) FILTER (age > days(3) AND age <= days(7)) AS backlog_3_7d,
        count(*) FILTER (age > days(7) AND age <= days(30)) AS backlog_7_30d,
        count(*) FILTER (age > days(30)) AS backlog_30d, count(*) FILTER (age > days(7)) AS backlog_over_7d,
        count(*) FILTER (is_untouched) AS backlog_untouched, max(age) / 1000 AS backlog_oldest
    FROM counted JOIN shown USING (n) WHERE clock = 'own' AND back >= 0 AND split <> 3 GROUP BY ALL
)
FROM state
-- Of several weeks a state is the mean.
UNION ALL BY NAME SELECT -1 AS back, split, key, avg(COLUMNS('^backlog')) FROM state WHERE split = 0 AND back BETWEEN 1 AND 4 GROUP BY ALL;

-- What was open before the week, what came and went in it, and what is open after it. No export here tells of reopenings, or
-- of when what was merged or deleted was open.
CREATE TEMP TABLE flow AS
SELECT back, 0 AS split, 'total' AS key, count(*) FILTER (began < begins) AS opening, count(*) FILTER (began >= begins) AS started,
    0 AS reopened, 0 AS merged, 0 AS deleted, count(*) FILTER (over IS NULL OR over >= ends) AS closing
FROM (
    SELECT began, CASE state WHEN 'done' THEN resolved_at END AS over FROM contact
    WHERE state = 'open' OR state = 'done' AND resolved_at >= (SELECT begins FROM week WHERE n = -1)
) JOIN shown ON clock = 'own' AND split = 0 AND back IN (0, 1) AND began < ends AND (over IS NULL OR over >= begins)
GROUP BY back;

-- Ratings: of contacts, placed by the rating, else the resolution, else the start; and of surveys, which are about the
-- customer's last contact of the seven days before, where there is one.
CREATE TEMP TABLE answer AS
SELECT 'csat' AS kind, coalesce(seen(rated), resolved_at, began) AS given, channel, team, customer, csat AS score,
    CASE scale WHEN 5 THEN csat >= 4 WHEN 3 THEN csat >= 3 WHEN 2 THEN csat >= 2 END AS is_top, seen(rated) IS NULL AS is_borrowed
FROM contact WHERE csat BETWEEN 1 AND scale
UNION ALL
SELECT kind, s.began, CASE WHEN is_recent THEN contact.channel END, CASE WHEN is_recent THEN contact.team END, s.customer,
    score, CASE kind WHEN 'csat' THEN score >= 4 END, false
FROM (
    SELECT kind, began, score, CASE WHEN known.key IS NULL THEN s.key ELSE known.customer END AS customer
    FROM (
        SELECT *, best_key(NULL::BIGINT, email, NULL::BIGINT, own, NULL::BIGINT) AS key
        FROM survey WHERE began < getvariable('cut')
    ) AS s LEFT JOIN known USING (key)
) AS s ASOF LEFT JOIN (
    SELECT customer, channel, team, began AS contact_began FROM contact WHERE customer IS NOT NULL
) AS contact ON contact.customer = s.customer AND s.began >= contact.contact_began,
LATERAL (SELECT contact.contact_began >= s.began - days(7) AS is_recent)
WHERE kind = 'nps' AND score BETWEEN 0 AND 10 OR kind = 'csat' AND score BETWEEN 1 AND 5;

CREATE TEMP TABLE rated AS
SELECT answer.*, back, split, part(split, channel, team, NULL) AS key
FROM answer JOIN shown ON clock = 'own' AND split <> 3 AND n = week_of(given) AND given < ends
WHERE given >= getvariable('since');

CREATE TEMP TABLE by_answer AS
SELECT back, split, key, count(*)::DOUBLE AS csat_n, count(*) FILTER (is_top) / csat_n AS csat,
    wilson(count(*) FILTER (is_top), count(*), -1) AS csat_low, wilson(count(*) FILTER (is_top), count(*), 1) AS csat_high
FROM rated WHERE kind = 'csat' GROUP BY ALL;

-- The last answer of each customer; of unknown ones each counts.
CREATE TEMP TABLE by_promoter AS
WITH latest AS (
    SELECT back, max((given, score))[2] AS score FROM rated WHERE kind = 'nps' AND split = 0 AND customer IS NOT NULL
    GROUP BY back, customer
    UNION ALL SELECT back, score FROM rated WHERE kind = 'nps' AND split = 0 AND customer IS NULL
)
SELECT back, 0 AS split, 'total' AS key, count(score) AS nps_n,
    count(*) FILTER (score >= 9) / nps_n AS p, count(*) FILTER (score <= 6) / nps_n AS d,
    100 * (p - d) AS nps, 195.9963984540054 * sqrt((p + d - (p - d) ** 2) / nps_n) AS nps_error,
    nps - nps_error AS nps_low, nps + nps_error AS nps_high
FROM (SELECT DISTINCT back FROM shown) LEFT JOIN latest USING (back) GROUP BY back;

-- Customers of the weeks: who came, by how many channels, and who had come in the week before.
CREATE TEMP TABLE visitor AS
SELECT week AS n, channel, customer FROM recent WHERE customer IS NOT NULL GROUP BY ALL;

CREATE TEMP TABLE by_customer AS
WITH guest AS (
    SELECT n, customer, count(*) AS channels FROM visitor GROUP BY ALL
), came AS (
    SELECT n, 0 AS split, 'total' AS key, count(*) AS customers, count(*) FILTER (channels > 1) AS several FROM guest GROUP BY n
    UNION ALL SELECT n, 1, coalesce(channel, '(none)'), count(*), NULL FROM visitor WHERE n >= -1 GROUP BY ALL
), again AS (
    SELECT v.n + 1 AS n, split, key, count(*) AS base, count(guest.customer) AS returned
    FROM (
        SELECT n, 0 AS split, 'total' AS key, customer FROM guest
        UNION ALL SELECT n, 1, coalesce(channel, '(none)'), customer FROM visitor WHERE n >= -2
    ) AS v LEFT JOIN guest ON guest.customer = v.customer AND guest.n = v.n + 1 GROUP BY ALL
)
-- Of several weeks shares are sum over sum.
SELECT back, split, key, sum(customers)::DOUBLE AS customers,
    sum(customers) / max(sum(customers)) FILTER (split = 0) OVER (PARTITION BY back) AS customers_share,
    sum(several) / sum(customers) AS multi_channel, sum(customers) AS multi_channel_n,
    sum(returned) / sum(base) AS contact_return, sum(base) AS contact_return_n
FROM shown JOIN (FROM came FULL JOIN again USING (n, split, key)) USING (n, split)
WHERE clock = 'own' GROUP BY back, split, key;

-- Orders with their customers.
CREATE TEMP TABLE bought AS
SELECT began, amount, CASE WHEN known.key IS NULL THEN p.key ELSE known.customer END AS customer
FROM (SELECT began, amount, best_key(NULL::BIGINT, email, NULL::BIGINT, NULL::BIGINT, phone) AS key
    FROM purchase WHERE began <= getvariable('as_of')) AS p LEFT JOIN known USING (key);
DROP TABLE purchase;

CREATE TEMP TABLE by_order AS
SELECT back, split, key, 100 * contacts / orders AS contacts_per_100_orders, orders AS contacts_per_100_orders_n
FROM by_start JOIN (
    SELECT back, count(*)::DOUBLE AS orders
    FROM bought JOIN shown ON clock = 'own' AND split = 0 AND n = week_of(began) AND began < ends
    WHERE began >= getvariable('since') GROUP BY back
) USING (back) WHERE split = 0;

-- Active windows of 90 days on both sides of a day; the later one ends with the last full day that orders have reached.
CREATE TEMP TABLE landmark AS
SELECT back, midnight(last_day - 180) AS begins, midnight(last_day - 90) AS middle, midnight(last_day) AS ends
FROM (
    SELECT back, local(least(getvariable('last_order'), getvariable('as_of'), ends))::DATE AS last_day
    FROM shown WHERE clock = 'own' AND split = 0 AND back IN (0, 1)
)
WHERE local((SELECT min(began) FROM bought))::DATE <= last_day - 180;

CREATE TEMP TABLE by_retention AS
SELECT back, 0 AS split, 'total' AS key, count(*) AS retention_n, count(*) FILTER (stays) / count(*) AS retention FROM (
    SELECT back, bool_or(began >= middle) AS stays
    FROM landmark JOIN bought ON began >= begins AND began < ends
    WHERE customer IS NOT NULL GROUP BY back, customer HAVING bool_or(began < middle)
) GROUP BY back;

-- Customers with a bad experience before the landmark and those without, by how many contacts they had made; who of them
-- ordered after it, and for how much.
CREATE TEMP TABLE experience AS
WITH early AS (
    SELECT contact.*, middle FROM contact JOIN landmark ON back = 0 AND contact.began < middle
    WHERE customer IS NOT NULL
), crowded AS (
    SELECT customer FROM (SELECT customer, began - lag(began, 2) OVER (PARTITION BY customer ORDER BY began) AS span FROM early)
    WHERE span <= days(7)
), calls AS (
    SELECT customer FROM early WHERE is_phone AND (is_abandoned OR is_answered)
    GROUP BY customer HAVING max((began, id)) FILTER (is_abandoned) > coalesce(max((began, id)) FILTER (is_answered), (0, ''))
), unhappy AS (
    SELECT customer FROM answer JOIN landmark ON back = 0 AND given < middle WHERE kind = 'csat' AND NOT is_top AND score <= 2
), late AS (
    SELECT customer FROM early WHERE began + target <= middle AND is_written AND NOT coalesce(replied_at - began <= target, false)
), bad AS (
    FROM crowded UNION ALL FROM calls UNION ALL FROM unhappy UNION ALL FROM late
), buyer AS (
    SELECT customer, sum(amount) AS revenue FROM bought JOIN landmark ON back = 0 AND began >= middle AND began < ends
    WHERE customer IS NOT NULL GROUP BY customer
), person AS (
    SELECT customer IN (FROM bad WHERE customer IS NOT NULL) AS is_bad, contacts, revenue, buyer.customer IS NOT NULL AS is_active
    FROM (SELECT customer, least(count(*), 5) AS contacts FROM early GROUP BY customer) LEFT JOIN buyer USING (customer)
)
SELECT is_bad, contacts, count(*)::DOUBLE AS customers, count(*) FILTER (NOT is_active)::DOUBLE AS gone, sum(revenue) AS revenue
FROM person GROUP BY is_bad, contacts
-- Small groups say nothing.
QUALIFY sum(customers) FILTER (is_bad) OVER () >= 30 AND sum(customers) FILTER (NOT is_bad) OVER () >= 30;

-- What the figures of the week leave out, or count in a way worth telling.
CREATE TEMP TABLE told_by_start AS
SELECT split, part(split, channel, team, topic) AS key,
    count(*) FILTER (is_waiting) AS frt_waiting,
    count(*) FILTER (is_written AND is_replied AND is_vendor_reply) AS frt_vendor,
    count(*) FILTER (is_written AND NOT is_replied AND NOT is_touched AND NOT is_waiting) AS frt_silent,
    count(*) FILTER (is_written AND NOT is_replied AND NOT is_waiting AND is_touched) AS frt_undated,
    count(*) FILTER (is_answered AND wait IS NULL) AS wait_unknown,
    count(late) AS response_sla_late,
    count(*) FILTER (is_written AND target IS NOT NULL AND NOT is_due AND (is_replied OR NOT is_touched)) AS response_sla_not_due,
    count(*) FILTER (is_phone AND is_offered AND is_answered AND wait IS NULL) AS service_level_unknown,
    count(*) FILTER (state IS NULL) AS resolution_rate_unknown, count(*) FILTER (is_undated) AS resolution_rate_undated,
    count(*) FILTER (customer IS NULL) AS repeat_contacts_unknown, count(*) FILTER (is_head AND NOT looks_back) AS repeat_contacts_early,
    count(*) FILTER (customer IS NULL) AS customers_unknown
FROM recent JOIN shown ON shown.n = recent.week AND clock = 'own' AND back = 0 GROUP BY ALL;

CREATE TEMP TABLE told_by_start_ripe AS
SELECT split, part(split, channel, NULL, topic) AS key,
    count(*) FILTER (customer IS NULL AND is_handled) AS fcr_unknown,
    count(*) FILTER (customer IS NOT NULL AND NOT is_head AND is_handled) AS fcr_continued,
    count(*) FILTER (customer IS NULL) AS repeat_rate_unknown
FROM recent JOIN shown ON shown.n = recent.week AND clock = 'ripe' AND back = 0 AND split <> 2 GROUP BY ALL;

CREATE TEMP TABLE told_by_resolution AS
SELECT split, part(split, channel, team, topic) AS key,
    count(*) FILTER (clock = 'own' AND ttr IS NOT NULL AND is_vendor_resolution) AS ttr_full_vendor,
    count(*) FILTER (clock = 'ripe' AND replies IS NULL) AS one_touch_unknown,
    count(*) FILTER (clock = 'ripe' AND replies > 0 AND reopens IS NULL) AS one_touch_unwatched
FROM closed JOIN shown ON shown.n = closed.week AND back = 0 GROUP BY ALL;

CREATE TEMP TABLE told_by_answer AS
SELECT split, key, count(*) FILTER (is_borrowed) AS csat_borrowed FROM rated WHERE kind = 'csat' AND back = 0 GROUP BY ALL;

-- 6. How far a change could be chance ---------------------------------------------------------------------------------

-- Durations of the last week and the one before, and whose they are: a row without a customer stands by itself, under its
-- number, which is far below those of keys.
CREATE TEMP TABLE sample AS
SELECT 'frt' AS metric, back, split, part(split, channel, team, topic) AS key, coalesce(customer, contact_row) AS customer, frt AS value
FROM recent JOIN shown ON shown.n = recent.week WHERE clock = 'own' AND back IN (0, 1) AND frt IS NOT NULL
UNION ALL
SELECT 'wait', back, split, part(split, channel, team, topic), coalesce(customer, contact_row), waited
FROM recent JOIN shown ON shown.n = recent.week WHERE clock = 'own' AND back IN (0, 1) AND waited IS NOT NULL
UNION ALL
SELECT 'response_sla_late', back, split, 'total', coalesce(customer, contact_row), late
FROM recent JOIN shown ON shown.n = recent.week WHERE clock = 'own' AND back IN (0, 1) AND late IS NOT NULL AND split = 0
UNION ALL
SELECT 'ttr_full', back, split, part(split, channel, team, topic), coalesce(customer, contact_row), ttr
FROM closed JOIN shown ON shown.n = closed.week WHERE clock = 'own' AND back IN (0, 1) AND ttr IS NOT NULL;

-- A quantile of sorted values: linear interpolation (type 7).
CREATE TEMP MACRO rank_of(sorted, q) AS q * (len(sorted) - 1);
CREATE TEMP MACRO quantile_of(sorted, q) AS sorted[floor(rank_of(sorted, q))::INTEGER + 1]
    + (rank_of(sorted, q) - floor(rank_of(sorted, q)))
    * (sorted[ceil(rank_of(sorted, q))::INTEGER + 1] - sorted[floor(rank_of(sorted, q))::INTEGER + 1]);

CREATE TEMP TABLE series AS
SELECT metric, back, split, key, list_sort(list(value)) AS sorted, quantile_cont(value, [0.5, 0.9]) AS points,
    count(*) AS size, avg(value) AS mean
FROM sample GROUP BY ALL;

-- Contacts of one customer are alike: each customer's part in the shares below and in the mean.
CREATE TEMP TABLE cluster AS
SELECT nth, customer, count(*) AS n, sum(value) AS total, count(*) FILTER (value <= half) AS below_half,
    count(*) FILTER (value <= nine) AS below_nine
FROM sample JOIN (SELECT rowid AS nth, metric, back, split, key, points[1] AS half, points[2] AS nine FROM series)
    USING (metric, back, split, key) GROUP BY nth, customer;

-- Woodruff (1952): the 95 % interval of the share at or below a quantile, read as quantiles; half of it is 1.96 standard
-- errors. None where it reaches past the first or the last value.
CREATE TEMP MACRO spread_of(customers, n, below, squares, products, sizes) AS 1.959963984540054 * sqrt(
    customers / (customers - 1) * (squares - 2 * below / n * products + (below / n) ** 2 * sizes)) / n;
CREATE TEMP MACRO error_of(sorted, q, spread) AS CASE WHEN q - spread >= 0 AND q + spread <= 1
    THEN (quantile_of(sorted, q + spread) - quantile_of(sorted, q - spread)) / (2 * 1.959963984540054) END;
CREATE TEMP TABLE quantile_error AS
WITH sums AS (
    SELECT nth, count(*) AS customers, sum(n) AS rows, sum(n * n) AS sizes,
        sum(below_half) AS half, sum(below_half * below_half) AS half_squares, sum(below_half * n) AS half_products,
        sum(below_nine) AS nine, sum(below_nine * below_nine) AS nine_squares, sum(below_nine * n) AS nine_products
    FROM cluster GROUP BY nth HAVING count(*) > 1
), spreads AS (
    SELECT nth, spread_of(customers, rows, half, half_squares, half_products, sizes) AS half,
        spread_of(customers, rows, nine, nine_squares, nine_products, sizes) AS nine
    FROM sums
)
SELECT back, split, key, metric || UNNEST(['_p50', '_p90']) AS figure,
    UNNEST([error_of(sorted, 0.5, spreads.half), error_of(sorted, 0.9, spreads.nine)]) / 1000 AS error
FROM series JOIN spreads ON series.rowid = nth;

-- The standard error of each change. Of a mean: the same customers' parts of both weeks together.
CREATE TEMP TABLE change_error AS
SELECT split, key, figure, sqrt(sum(error ** 2)) AS error FROM quantile_error GROUP BY ALL HAVING count(error) = 2
UNION ALL
SELECT 0, 'total', metric || '_mean', sqrt(count(*) / (count(*) - 1) * sum(z * z)) / 1000
FROM (
    SELECT metric, customer, sum(CASE back WHEN 0 THEN 1 ELSE -1 END * (total - mean * n) / size) AS z
    FROM cluster
    JOIN (SELECT rowid AS nth, metric, back, size, mean FROM series WHERE split = 0 AND metric IN ('frt', 'wait')) USING (nth)
    GROUP BY metric, customer
) GROUP BY metric
UNION ALL
SELECT 0, 'total', 'nps', sqrt(sum(nps_error ** 2)) / 1.959963984540054 FROM by_promoter WHERE back IN (0, 1);

-- Months since the first order, without orders since the first contact; who is seen in the data's first month may not be new.
CREATE TEMP TABLE cohort AS
WITH month AS (
    SELECT customer, year(day) * 12 + month(day) - 1 AS month
    FROM (
        SELECT customer, local(began) AS day FROM bought WHERE customer IS NOT NULL AND began IS NOT NULL
        UNION ALL SELECT customer, local(began) FROM contact WHERE customer IS NOT NULL AND getvariable('last_order') IS NULL
    ) GROUP BY ALL
), first AS (
    SELECT customer, min(month) AS first FROM month GROUP BY customer
), bounds AS (
    SELECT min(first) AS seen, year(last) * 12 + month(last) - 2 AS newest
    FROM first, (SELECT local(coalesce(getvariable('last_order'), getvariable('as_of')) + 1) AS last) GROUP BY ALL
), active AS (
    SELECT first, month - first AS after, count(*)::DOUBLE AS customers
    FROM first JOIN month USING (customer), bounds
    WHERE first > seen AND first <= newest AND month <= newest AND month - first <= 12 GROUP BY ALL
)
SELECT first, after, coalesce(customers, 0) AS customers
FROM (SELECT first, UNNEST(range(least(newest - first, 12) + 1)) AS after FROM active, bounds WHERE after = 0)
LEFT JOIN active USING (first, after);

-- 7. The report -------------------------------------------------------------------------------------------------------

-- Tables of figures as lines: for which weeks, how it is split, for whom, which figure, and its value.
CREATE TEMP MACRO lines(figures) AS TABLE
    FROM (SELECT back, split, key, COLUMNS(* EXCLUDE (back, split, key))::DOUBLE FROM query_table(figures))
    UNPIVOT (value FOR figure IN (COLUMNS(* EXCLUDE (back, split, key))));

CREATE TEMP TABLE figure AS
SELECT back, split, key, figure,
    -- A count of several weeks is their mean.
    value / CASE WHEN back = -1 AND figure IN ('contacts', 'resolved', 'customers') THEN weeks ELSE 1 END AS value
FROM (
    FROM lines(by_start) UNION ALL FROM lines(by_start_ripe) UNION ALL FROM lines(by_resolution) UNION ALL FROM lines(by_resolution_ripe)
    UNION ALL FROM lines(by_state) UNION ALL FROM lines(flow) UNION ALL FROM lines(by_answer) UNION ALL FROM lines(by_promoter)
    UNION ALL FROM lines(by_customer) UNION ALL FROM lines(by_order) UNION ALL FROM lines(by_retention)
), (SELECT count(*) AS weeks FROM week WHERE n BETWEEN -4 AND -1 AND ends > getvariable('first_at'))
WHERE isfinite(value);

-- A group in which one thing is counted has none of the others, which is not the same as missing.
INSERT INTO figure
SELECT back, split, key, figure, 0
FROM (SELECT DISTINCT back, split, key FROM figure WHERE back >= 0 AND figure NOT IN ('fcr_n', 'fcr', 'repeat_rate_n', 'repeat_rate',
    'one_touch_n', 'one_touch'))
CROSS JOIN (VALUES ('contacts'), ('resolved'), ('customers'), ('csat_n')) AS counts(figure)
ANTI JOIN figure USING (back, split, key, figure);

CREATE TEMP TABLE told AS
FROM (FROM told_by_start UNPIVOT (value FOR told IN (COLUMNS(* EXCLUDE (split, key)))))
UNION ALL FROM (FROM told_by_start_ripe UNPIVOT (value FOR told IN (COLUMNS(* EXCLUDE (split, key)))))
UNION ALL FROM (FROM told_by_resolution UNPIVOT (value FOR told IN (COLUMNS(* EXCLUDE (split, key)))))
UNION ALL FROM (FROM told_by_answer UNPIVOT (value FOR told IN (COLUMNS(* EXCLUDE (split, key)))));

-- Of what kind each figure is, and which one says how many it counts.
CREATE TEMP TABLE metric AS
SELECT kind, UNNEST(figures) AS figure, CASE WHEN kind IN ('count', 'of all') AND figure <> 'csat_n' THEN NULL
    ELSE regexp_replace(figure, '(_p50|_p90|_mean|_low|_high|_n)$', '') || '_n' END AS n
FROM (VALUES
    ('count', ['contacts', 'resolved', 'customers', 'backlog', 'backlog_0_1d', 'backlog_1_3d', 'backlog_3_7d', 'backlog_7_30d',
        'backlog_30d', 'backlog_over_7d', 'backlog_untouched', 'opening', 'started', 'reopened', 'merged', 'deleted', 'closing',
        'csat_n']), ('of all', ['contacts_share', 'customers_share']),
    ('share', ['response_sla', 'service_level', 'abandonment', 'resolution_rate', 'resolved_handled', 'repeat_contacts', 'fcr',
        'repeat_rate', 'one_touch', 'csat', 'retention', 'contact_return', 'multi_channel']),
    ('bound', ['csat_low', 'csat_high']), ('per hundred', ['contacts_per_100_orders']), ('score', ['nps']),
    ('quantile', ['frt_p50', 'frt_p90', 'wait_p50', 'wait_p90', 'response_sla_late_p50', 'ttr_full_p50', 'ttr_full_p90']),
    ('mean', ['frt_mean', 'wait_mean'])
) AS kinds(kind, figures);

-- Each figure of the last week and of the one before, and the 95 % interval of the change: of counts by Poisson, of shares by
-- Newcombe, of quantiles and means by the variance between customers, of a score by its error.
CREATE TEMP TABLE change AS
WITH pair AS (
    SELECT split, key, figure, max(value) FILTER (back = 0) AS now, max(value) FILTER (back = 1) AS before
    FROM figure WHERE back IN (0, 1) GROUP BY ALL
), known AS (
    -- Of a share of all, what all come to follows from the group's own count.
    SELECT p.split, p.key, p.figure, kind, p.now, p.before, coalesce(n.now, part.now / p.now) AS n,
        coalesce(n.before, part.before / p.before) AS n_before
    FROM pair AS p JOIN metric USING (figure)
    LEFT JOIN pair AS n ON (n.split, n.key, n.figure) = (p.split, p.key, metric.n)
    LEFT JOIN pair AS part ON (part.split, part.key, part.figure || '_share') = (p.split, p.key, p.figure)
    WHERE p.now IS NOT NULL AND p.before IS NOT NULL AND kind <> 'bound'
), spread AS (
    SELECT known.*, 1.959963984540054 * CASE kind WHEN 'count' THEN sqrt(now + before)
        WHEN 'per hundred' THEN sqrt(100 * now / n + 100 * before / n_before) ELSE error END AS error
    FROM known LEFT JOIN change_error USING (split, key, figure)
), change AS (
    SELECT split, key, figure,
        CASE WHEN kind IN ('share', 'of all') THEN difference(round(now * n), n, round(before * n_before), n_before, -1)
            ELSE now - before - error END AS low,
        CASE WHEN kind IN ('share', 'of all') THEN difference(round(now * n), n, round(before * n_before), n_before, 1)
            ELSE now - before + error END AS high
    FROM spread
)
SELECT split, key, figure, low, high, CASE WHEN coalesce(low <= 0 AND high >= 0, true) THEN 1 END AS chance
FROM (
    FROM change
    -- The bound of a value that could have moved by chance could have.
    UNION ALL SELECT split, key, figure || UNNEST(['_low', '_high']), low, high FROM change WHERE figure = 'csat'
);

-- What is usual: the mean of the thirteen weeks before the last, give or take 2.66 mean moving ranges; eight at least.
CREATE TEMP TABLE usual AS
SELECT figure, avg(value) - 2.66 * avg(range) AS low, avg(value) + 2.66 * avg(range) AS high
FROM (
    SELECT figure, value, abs(value - lag(value) OVER (PARTITION BY figure ORDER BY back)) AS range
    FROM figure WHERE split = 0 AND back > 0
) GROUP BY figure HAVING count(*) >= 8;

-- Which tables there are, and what they show.
CREATE TEMP TABLE layout AS
SELECT "table", split, UNNEST(figures) AS figure FROM (VALUES
    ('summary', 0, ['contacts', 'contacts_per_100_orders', 'resolved', 'backlog', 'backlog_over_7d', 'response_sla', 'frt_p50',
        'frt_p90', 'service_level', 'abandonment', 'resolution_rate', 'resolved_handled', 'repeat_contacts', 'fcr', 'csat', 'nps',
        'retention']),
    ('summary_by_channel', 1, ['contacts', 'contacts_share', 'frt_p50', 'wait_p50', 'csat']),
    ('response', 0, ['response_sla', 'response_sla_late_p50', 'frt_p50', 'frt_p90', 'frt_mean', 'wait_p50', 'wait_p90', 'wait_mean',
        'service_level', 'abandonment']),
    ('response_by_channel', 1, ['frt_p50', 'frt_p90', 'response_sla', 'wait_p50', 'wait_p90', 'abandonment']),
    ('response_by_team', 2, ['frt_p50', 'frt_p90', 'response_sla', 'wait_p50', 'abandonment']),
    ('response_by_topic', 3, ['frt_p50', 'frt_p90', 'response_sla', 'wait_p50']),
    ('resolution', 0, ['resolution_rate', 'resolved_handled', 'resolved', 'ttr_full_p50', 'ttr_full_p90', 'one_touch', 'fcr',
        'repeat_rate', 'repeat_contacts', 'backlog', 'backlog_over_7d', 'backlog_untouched', 'backlog_oldest']),
    ('resolution_by_channel', 1, ['resolution_rate', 'resolved', 'ttr_full_p50', 'fcr', 'repeat_contacts', 'backlog']),
    ('resolution_by_team', 2, ['resolution_rate', 'resolved', 'ttr_full_p50', 'one_touch', 'backlog']),
    ('resolution_by_topic', 3, ['contacts', 'ttr_full_p50', 'fcr', 'repeat_contacts']),
    ('backlog_by_age', 1, ['backlog_0_1d', 'backlog_1_3d', 'backlog_3_7d', 'backlog_7_30d', 'backlog_30d', 'backlog']),
    ('flow', 0, ['opening', 'started', 'reopened', 'resolved', 'merged', 'deleted', 'closing']),
    ('retention', 0, ['retention', 'contact_return', 'customers']),
    ('channels', 0, ['contacts', 'contacts_per_100_orders', 'customers', 'multi_channel']),
    ('mix', 1, ['contacts', 'contacts_share', 'customers', 'customers_share', 'contact_return']),
    ('satisfaction', 0, ['csat', 'nps']),
    ('satisfaction_by_channel', 1, ['csat', 'csat_low', 'csat_high', 'csat_n']),
    ('satisfaction_by_team', 2, ['csat', 'csat_low', 'csat_high', 'csat_n'])
) AS tables("table", split, figures);

-- What is said of what a figure leaves out.
CREATE TEMP TABLE label AS
FROM (VALUES
    ('frt', 'waiting', 'still waiting, with their present wait'), ('frt', 'vendor', 'by the vendor''s own duration'),
    ('frt', 'silent', 'over, or of unknown state, without a reply'), ('frt', 'undated', 'replied to at an unknown time'),
    ('wait', 'unknown', 'answered, wait unknown'), ('response_sla', 'late', 'late'), ('response_sla', 'not_due', 'not yet due'),
    ('service_level', 'unknown', 'answered, wait unknown'), ('resolution_rate', 'unknown', 'state unknown'),
    ('resolution_rate', 'undated', 'resolved at an unknown time'), ('repeat_contacts', 'unknown', 'unknown customer'),
    ('repeat_contacts', 'early', 'in the data''s first days'), ('customers', 'unknown', 'contacts of unknown customers'),
    ('fcr', 'unknown', 'unknown customer'), ('fcr', 'continued', 'goes on with the call before'),
    ('repeat_rate', 'unknown', 'unknown customer'), ('ttr_full', 'vendor', 'by the vendor''s own duration'),
    ('one_touch', 'unknown', 'number of replies unknown'), ('one_touch', 'unwatched', 'reopenings unknown'),
    ('csat', 'borrowed', 'placed by resolution or start')
) AS labels(metric, name, label);

-- Each cell of them: the value now and before, the average of the four weeks in tables of totals, how many it counts, bounds,
-- what is left out, what is said of the change, what is usual, and the weeks.
WITH part AS (
    SELECT *, '' AS suffix, figure AS source, 0 AS back FROM layout
    UNION ALL SELECT *, ':previous', figure, 1 FROM layout WHERE "table" <> 'summary_by_channel' OR figure IN ('frt_p50', 'wait_p50')
    UNION ALL SELECT *, ':average', figure, -1 FROM layout WHERE split = 0 AND "table" <> 'flow'
    UNION ALL SELECT layout.*, ':n', n, 0 FROM layout JOIN metric USING (figure)
    UNION ALL SELECT *, ':low', figure || '_low', 0 FROM layout WHERE figure IN ('csat', 'nps')
    UNION ALL SELECT *, ':high', figure || '_high', 0 FROM layout WHERE figure IN ('csat', 'nps')
), said AS (
    SELECT "table", part.split, key, part.figure, suffix, f.split AS of, value
    FROM part JOIN figure AS f ON f.figure = part.source AND f.back = part.back
    UNION ALL
    SELECT "table", layout.split, key, figure, ':note:' || label, told.split, value
    FROM layout JOIN label ON metric = regexp_replace(figure, '(_late)?(_p50|_p90|_mean)$', '') JOIN told ON told = metric || '_' || name
    WHERE value > 0
    UNION ALL
    SELECT "table", layout.split, key, figure, UNNEST([':change_low', ':change_high', ':chance']), c.split, UNNEST([low, high, chance])
    FROM layout JOIN change AS c USING (figure)
), series AS (
    SELECT figure, 'total' AS key, 0 AS split, value,
        CASE WHEN figure IN ('fcr', 'repeat_rate', 'one_touch') THEN getvariable('ripe') ELSE 0 END - back AS n
    FROM figure WHERE split = 0 AND back >= 0 AND figure <> 'retention'
    UNION ALL
    SELECT 'contacts', coalesce(channel, '(none)'), 1, count(*), week FROM recent WHERE week > -8 GROUP BY ALL
), cell AS (
    SELECT "table", key, figure || suffix AS "column", value FROM said
    -- A table by channel, team or topic ends with a total; page one does not, and leaves out what has no contacts or no value.
    WHERE CASE "table"
        WHEN 'summary_by_channel' THEN of = 1 AND key IN (SELECT key FROM by_start WHERE back = 0 AND split = 1)
        WHEN 'summary' THEN of = 0 AND figure IN (SELECT figure FROM figure WHERE split = 0 AND back IN (0, 1))
        ELSE of IN (said.split, 0) END
    UNION ALL
    SELECT "table", 'total', figure || UNNEST([':usual_low', ':usual_high', ':unusual']),
        UNNEST([low, high, CASE WHEN value NOT BETWEEN low AND high THEN 1 END])
    FROM layout JOIN usual USING (figure) LEFT JOIN (FROM figure WHERE back = 0 AND split = 0) USING (figure)
    WHERE layout.split = 0 AND "table" <> 'flow'
    UNION ALL
    SELECT "table", key, figure || ':series:' || name, value
    FROM layout JOIN series USING (figure, split) JOIN week USING (n)
    WHERE "table" <> 'flow' AND local(begins) >= date_trunc('day', local(getvariable('first_at')))
        AND ("table" <> 'summary_by_channel' OR key IN (SELECT key FROM by_start WHERE back = 0 AND split = 1))
    UNION ALL
    SELECT 'experience', CASE WHEN is_bad THEN 'bad' ELSE 'not bad' END,
        UNNEST(['customers', 'not_active', 'not_active:n', 'not_active:low', 'not_active:high', 'bought', 'bought:n', 'bought:low',
            'bought:high', 'revenue', 'revenue:n']),
        UNNEST([n, a / n, n, wilson(a, n, -1), wilson(a, n, 1), 1 - a / n, n, wilson(n - a, n, -1), wilson(n - a, n, 1), revenue / n, n])
    FROM (SELECT is_bad, sum(customers) AS n, sum(gone) AS a, sum(revenue) AS revenue FROM experience GROUP BY is_bad)
    UNION ALL
    -- Of all, and among customers with as many contacts (Mantel and Haenszel; the interval is Greenland and Robins').
    SELECT 'experience', 'bad', name || UNNEST(['', ':low', ':high']), UNNEST([risk, risk / spread, risk * spread])
    FROM (
        SELECT name, sum(a * m / (n + m)) AS above, sum(b * n / (n + m)) AS under, above / under AS risk,
            exp(1.959963984540054 * sqrt(sum((n * m * (a + b) - a * b * (n + m)) / (n + m) ** 2) / (above * under))) AS spread
        FROM (
            SELECT name, sum(gone) FILTER (is_bad) AS a, sum(customers) FILTER (is_bad) AS n, sum(gone) FILTER (NOT is_bad) AS b,
                sum(customers) FILTER (NOT is_bad) AS m
            FROM experience, (VALUES ('relative_risk'), ('same_contacts')) AS names(name)
            GROUP BY name, CASE name WHEN 'same_contacts' THEN contacts END
        ) WHERE n > 0 AND m > 0 GROUP BY name
    )
    UNION ALL
    SELECT 'cohorts', format('{}-{:02d}', first // 12, first % 12 + 1),
        UNNEST(CASE after WHEN 0 THEN ['customers'] ELSE ['month_' || after, 'month_' || after || ':n'] END),
        UNNEST(CASE after WHEN 0 THEN [customers] ELSE [customers / size, size] END)
    FROM (SELECT *, max(customers) FILTER (after = 0) OVER (PARTITION BY first) AS size FROM cohort)
)
SELECT "table", key, "column", value FROM cell WHERE value IS NOT NULL
-- Rows without a name are a group only where anything of them is counted.
QUALIFY key <> '(none)' OR max(value) FILTER ("column" NOT LIKE '%:c%') OVER (PARTITION BY "table", key) > 0
ORDER BY ALL;
