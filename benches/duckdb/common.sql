-- The report, from the four tables that the reader of the exports has filled: interaction, customer, survey and
-- purchase. It ends by printing `table,key,column,value`: a line for every figure of `deskstat report -f json`.
--
-- Not printed, because they are no figures of the report: its sentences, notes and notices, the settings' goals, and the
-- hashes of the files. A mark `chance` is the figure 1.
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
    channel = 'phone' AS is_phone, state, resolved_at, replied_at, replies, reopens,
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

-- Week 0 is the last one. Each is judged at its own end plus the same lag; where that is before its end, it is cut there.
CREATE TEMP TABLE week AS
SELECT n, begins, CASE WHEN getvariable('lag') < 0 THEN judged + 1 ELSE ends END AS ends, judged
FROM (
    SELECT n, midnight(getvariable('monday') + 7 * n) AS begins, midnight(getvariable('monday') + 7 * n + 7) AS ends,
        least(ends + getvariable('lag'), getvariable('as_of')) AS judged
    FROM (SELECT UNNEST(range(-20, 1))::INTEGER AS n)
);
-- The last week in which no contact is too recent for a look at the seven days after it.
SET VARIABLE ripe = (SELECT max(n) FROM week WHERE ends - 1 + days(7) <= getvariable('as_of'));

-- What a figure is shown for: this week, the one before, and the four weeks before; `ripe` is the same one week or more
-- earlier, for figures that look ahead.
CREATE TEMP TABLE stretch AS
SELECT clock, role, week.*, ends > getvariable('first_at') AS covered
FROM (VALUES ('own', 0), ('ripe', getvariable('ripe'))) AS clocks(clock, latest),
    (VALUES ('now', 0), ('previous', -1), ('average', -1), ('average', -2), ('average', -3), ('average', -4)) AS shown(role, back)
JOIN week ON week.n = latest + back;

-- 5. Figures ----------------------------------------------------------------------------------------------------------

-- By start: what is seen of each contact of the last weeks when its week is judged.
CREATE TEMP TABLE recent AS
WITH head AS (
    SELECT contact_row,
        lag(began) OVER of_customer AS previous_at,
        lead(began) OVER of_customer AS next_at,
        -- A contact without a topic may be about anything.
        CASE WHEN topic IS NULL THEN lead(began) OVER of_customer
            ELSE least(lead(began) OVER of_topic, lead(CASE WHEN topic IS NULL THEN began END IGNORE NULLS) OVER of_customer)
            END AS next_same_topic_at
    FROM (SELECT *, rowid AS contact_row FROM contact) ANTI JOIN continuation USING (contact_row)
    WHERE customer IS NOT NULL AND began >= (SELECT min(begins) FROM stretch) - days(7)
    WINDOW of_customer AS (PARTITION BY customer ORDER BY began, source, id),
        of_topic AS (PARTITION BY customer, topic ORDER BY began, source, id)
)
SELECT contact.*, week.n AS week, week.judged, head.contact_row IS NOT NULL AS is_head, previous_at, next_at, next_same_topic_at,
    coalesce(replied_at <= judged, false) AS is_replied,
    state = 'done' AND resolved_at IS NULL AND judged < getvariable('as_of') AS is_undated,
    coalesce(is_touched OR replied_at IS NOT NULL, false) AS is_handled,
    coalesce(is_written AND NOT is_replied
        AND (state = 'open' OR state = 'done' AND resolved_at > judged OR replied_at > judged), false) AS is_waiting,
    CASE WHEN is_written AND is_replied THEN replied_at - began WHEN is_waiting THEN judged - began END / 1000 AS frt,
    CASE WHEN is_answered AND began + wait <= judged THEN wait END / 1000 AS waited,
    is_written AND began + target <= judged AS is_due,
    is_due AND coalesce(replied_at - began <= target, false) AS is_in_target,
    is_phone AND is_offered AND NOT (is_answered AND wait IS NULL) AS is_call,
    state IS NOT NULL AND NOT coalesce(is_undated, false) AS is_known,
    is_known AND state = 'done' AND coalesce(resolved_at <= judged, true) AS is_resolved,
    is_head AND began >= getvariable('first_at') + days(7) AS looks_back
FROM contact
JOIN week ON week.n = (local(began)::DATE - (getvariable('monday') - 140)) // 7 - 20 AND began < ends
LEFT JOIN head ON contact_row = contact.rowid
WHERE began >= (SELECT min(begins) FROM stretch);

CREATE TEMP TABLE by_start AS
SELECT role, channel, team, topic, grouping(channel, team, topic) AS split,
    count(*)::DOUBLE AS contacts,
    quantile_cont(frt, 0.5) AS frt_p50, quantile_cont(frt, 0.9) AS frt_p90, avg(frt) AS frt_mean, count(frt) AS frt_n,
    quantile_cont(waited, 0.5) AS wait_p50, quantile_cont(waited, 0.9) AS wait_p90, avg(waited) AS wait_mean, count(waited) AS wait_n,
    count(*) FILTER (is_in_target) / count(*) FILTER (is_due) AS response_sla, count(*) FILTER (is_due) AS response_sla_n,
    quantile_cont((CASE WHEN is_replied THEN replied_at ELSE recent.judged END - began - target) / 1000, 0.5)
        FILTER (is_due AND NOT is_in_target AND (is_replied OR is_waiting)) AS response_sla_late_p50,
    count(*) FILTER (is_written AND is_due AND NOT is_in_target AND (is_replied OR is_waiting)) AS response_sla_late_n,
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
FROM recent JOIN stretch ON stretch.n = recent.week AND clock = 'own'
GROUP BY GROUPING SETS ((role), (role, channel), (role, team), (role, topic));

CREATE TEMP TABLE by_start_ripe AS
SELECT role, channel, team, topic, grouping(channel, team, topic) AS split,
    count(*) FILTER (first AND NOT coalesce(next_same_topic_at - began <= days(7), false)
        AND NOT coalesce(state IN ('open', 'unresolved') OR resolved_at - began > days(7), false)) / count(*) FILTER (first) AS fcr,
    count(*) FILTER (first) AS fcr_n,
    count(*) FILTER (is_head AND next_at - began <= days(7)) / count(*) FILTER (is_head) AS repeat_rate,
    count(*) FILTER (is_head) AS repeat_rate_n
FROM (SELECT *, is_head AND is_handled AND (NOT is_phone OR is_answered) AS first FROM recent) AS recent
JOIN stretch ON stretch.n = recent.week AND clock = 'ripe'
GROUP BY GROUPING SETS ((role), (role, channel), (role, team), (role, topic));

-- By the last resolution.
CREATE TEMP TABLE by_resolution AS
SELECT clock, role, channel, team, topic, grouping(channel, team, topic) AS split,
    count(*) FILTER (state = 'done')::DOUBLE AS resolved,
    quantile_cont((resolved_at - began) / 1000, 0.5) FILTER (state = 'done') AS ttr_full_p50,
    quantile_cont((resolved_at - began) / 1000, 0.9) FILTER (state = 'done') AS ttr_full_p90,
    count(*) FILTER (state = 'done') AS ttr_full_n,
    count(*) FILTER (replies = 1 AND state <> 'open' AND NOT coalesce(reopens > 0, false)) / count(*) FILTER (replies > 0) AS one_touch,
    count(*) FILTER (replies > 0) AS one_touch_n
FROM contact JOIN stretch ON resolved_at >= begins AND resolved_at < ends
WHERE resolved_at >= (SELECT min(begins) FROM stretch)
GROUP BY GROUPING SETS ((clock, role), (clock, role, channel), (clock, role, team), (clock, role, topic));

-- A state at the end of each week: what had started before it and was not resolved before it.
CREATE TEMP TABLE by_state AS
WITH open_case AS (
    SELECT began, channel, team, resolved_at, replied_at, is_touched, state
    FROM contact WHERE state = 'open' OR state = 'done' AND resolved_at >= (SELECT min(ends) FROM stretch)
), backlog AS (
    SELECT role, n, channel, team, least(ends, judged) - began AS age,
        NOT is_touched AND NOT coalesce(replied_at < ends, false) AS is_untouched
    FROM open_case JOIN stretch ON clock = 'own' AND began < ends AND (state = 'open' OR resolved_at >= ends)
), place AS (
    SELECT channel, team, min(began) AS began FROM contact GROUP BY ALL
), counted AS (
    -- Nothing open is 0, in every group that had a contact by then.
    SELECT role, n, channel, team, 0 AS cases, NULL AS age, false AS is_untouched
    FROM place JOIN stretch ON clock = 'own' AND began < ends
    UNION ALL
    SELECT role, n, channel, team, 1, age, is_untouched FROM backlog
)
SELECT role, n, channel, team, grouping(channel, team) * 2 + 1 AS split,
    sum(cases) AS backlog,
    count(*) FILTER (age <= days(1)) AS backlog_0_1d, count(*) FILTER (age > days(1) AND age <= days(3)) AS backlog_1_3d,
    count(*) FILTER (age > days(3) AND age <= days(7)) AS backlog_3_7d,
    count(*) FILTER (age > days(7) AND age <= days(30)) AS backlog_7_30d,
    count(*) FILTER (age > days(30)) AS backlog_30d, count(*) FILTER (age > days(7)) AS backlog_over_7d,
    count(*) FILTER (is_untouched) AS backlog_untouched, max(age) / 1000 AS backlog_oldest
FROM counted GROUP BY GROUPING SETS ((role, n), (role, n, channel), (role, n, team));

-- Ratings: of contacts, placed by the rating, else the resolution, else the start; and of surveys, which are about the
-- customer's last contact of the seven days before, where there is one.
CREATE TEMP TABLE answer AS
SELECT 'csat' AS kind, coalesce(seen(rated), resolved_at, began) AS given, channel, team, customer, csat AS score,
    CASE scale WHEN 5 THEN csat >= 4 WHEN 3 THEN csat >= 3 WHEN 2 THEN csat >= 2 END AS is_top
FROM contact WHERE csat BETWEEN 1 AND scale
UNION ALL
SELECT kind, s.began, CASE WHEN is_recent THEN contact.channel END, CASE WHEN is_recent THEN contact.team END, s.customer,
    score, CASE kind WHEN 'csat' THEN score >= 4 END
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
SELECT answer.*, role FROM answer JOIN stretch ON clock = 'own' AND given >= begins AND given < ends;

CREATE TEMP TABLE by_answer AS
SELECT role, channel, team, grouping(channel, team) * 2 + 1 AS split,
    count(*) FILTER (kind = 'csat')::DOUBLE AS csat_n, count(*) FILTER (is_top)::DOUBLE AS good,
    good / csat_n AS csat, wilson(good, csat_n, -1) AS csat_low, wilson(good, csat_n, 1) AS csat_high
FROM rated GROUP BY GROUPING SETS ((role), (role, channel), (role, team));

-- The last answer of each customer; of unknown ones each counts.
CREATE TEMP TABLE by_promoter AS
WITH latest AS (
    SELECT role, max((given, score))[2] AS score FROM rated WHERE kind = 'nps' AND customer IS NOT NULL GROUP BY role, customer
    UNION ALL SELECT role, score FROM rated WHERE kind = 'nps' AND customer IS NULL
)
SELECT role, count(score) AS nps_n,
    count(*) FILTER (score >= 9) / nps_n AS p, count(*) FILTER (score <= 6) / nps_n AS d,
    100 * (p - d) AS nps, 195.9963984540054 * sqrt((p + d - (p - d) ** 2) / nps_n) AS error,
    nps - error AS nps_low, nps + error AS nps_high
FROM (SELECT DISTINCT role FROM stretch) LEFT JOIN latest USING (role) GROUP BY role;

-- Customers of the weeks: who came, by how many channels, and who had come in the week before. No channel is all.
CREATE TEMP TABLE visitor AS
SELECT week AS n, channel, customer FROM recent WHERE customer IS NOT NULL GROUP BY ALL;

CREATE TEMP TABLE by_customer AS
WITH guest AS (
    SELECT n, customer, count(*) AS channels FROM visitor GROUP BY ALL
), came AS (
    SELECT n, '' AS channel, count(*) AS customers, count(*) FILTER (channels > 1) AS several FROM guest GROUP BY n
    UNION ALL SELECT n, channel, count(*), NULL FROM visitor GROUP BY ALL
), again AS (
    SELECT v.n + 1 AS n, channel, count(*) AS base, count(guest.customer) AS back
    FROM (FROM visitor UNION ALL SELECT n, '', customer FROM guest) AS v
    LEFT JOIN guest ON guest.customer = v.customer AND guest.n = v.n + 1 GROUP BY ALL
)
-- Of several weeks shares are sum over sum.
SELECT role, nullif(channel, '') AS channel, CASE channel WHEN '' THEN 7 ELSE 3 END AS split,
    sum(customers)::DOUBLE AS customers, sum(several) / sum(customers) AS multi_channel, sum(customers) AS multi_channel_n,
    sum(back) / sum(base) AS contact_return, sum(base) AS contact_return_n
FROM stretch JOIN (FROM came FULL JOIN again USING (n, channel)) USING (n)
WHERE clock = 'own' GROUP BY role, channel;

-- Orders with their customers.
CREATE TEMP TABLE bought AS
SELECT began, CASE WHEN known.key IS NULL THEN p.key ELSE known.customer END AS customer
FROM (SELECT began, best_key(NULL::BIGINT, email, NULL::BIGINT, NULL::BIGINT, phone) AS key
    FROM purchase WHERE began <= getvariable('as_of')) AS p LEFT JOIN known USING (key);

CREATE TEMP TABLE by_order AS
SELECT role, count(*)::DOUBLE AS orders
FROM (SELECT role, min(begins) AS begins, max(ends) AS ends FROM stretch WHERE clock = 'own' GROUP BY role)
JOIN bought ON began >= begins AND began < ends GROUP BY role;

-- Active windows of 90 days on both sides of a day; the later one ends with the last full day that orders have reached.
CREATE TEMP TABLE landmark AS
SELECT role, last_day, midnight(last_day - 180) AS begins, midnight(last_day - 90) AS middle, midnight(last_day) AS ends
FROM (
    SELECT role, local(least(getvariable('last_order'), getvariable('as_of'), ends))::DATE AS last_day
    FROM stretch WHERE clock = 'own' AND role <> 'average'
    UNION ALL SELECT 'all', local(least(getvariable('last_order'), getvariable('as_of')))::DATE
)
WHERE local((SELECT min(began) FROM bought))::DATE <= last_day - 180;

CREATE TEMP TABLE by_retention AS
SELECT role, count(*) AS retention_n, count(*) FILTER (stays) / count(*) AS retention FROM (
    SELECT role, bool_or(began >= middle) AS stays
    FROM landmark JOIN bought ON began >= begins AND began < ends
    WHERE customer IS NOT NULL AND role <> 'all' GROUP BY role, customer HAVING bool_or(began < middle)
) GROUP BY role;

-- Customers with a bad experience before the landmark and those without, and who of them was not active after it.
CREATE TEMP TABLE experience AS
WITH early AS (
    SELECT contact.*, middle, landmark.ends AS over FROM contact JOIN landmark ON role = 'all' AND contact.began < middle
    WHERE customer IS NOT NULL
), crowded AS (
    SELECT customer FROM (SELECT customer, began - lag(began, 2) OVER (PARTITION BY customer ORDER BY began) AS span FROM early)
    WHERE span <= days(7)
), calls AS (
    SELECT customer FROM early WHERE is_phone AND (is_abandoned OR is_answered)
    GROUP BY customer HAVING max((began, id)) FILTER (is_abandoned) > coalesce(max((began, id)) FILTER (is_answered), (0, ''))
), unhappy AS (
    SELECT customer FROM answer JOIN landmark ON role = 'all' AND given < middle WHERE kind = 'csat' AND NOT is_top AND score <= 2
), late AS (
    SELECT customer FROM early WHERE began + target <= middle AND is_written AND NOT coalesce(replied_at - began <= target, false)
), bad AS (
    FROM crowded UNION ALL FROM calls UNION ALL FROM unhappy UNION ALL FROM late
), active AS (
    SELECT customer FROM bought JOIN landmark ON role = 'all' AND began >= middle AND began < ends
), person AS (
    SELECT customer IN (FROM bad WHERE customer IS NOT NULL) AS is_bad,
        customer IN (FROM active WHERE customer IS NOT NULL) AS is_active
    FROM (SELECT DISTINCT customer FROM early)
)
SELECT is_bad, count(*)::DOUBLE AS customers, count(*) FILTER (NOT is_active)::DOUBLE AS gone, gone / customers AS not_active,
    wilson(gone, customers, -1) AS low, wilson(gone, customers, 1) AS high
FROM person GROUP BY is_bad
-- Small groups say nothing.
QUALIFY min(customers) OVER () >= 30 AND count(*) OVER () = 2;

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
)
SELECT first, month - first AS after, count(*)::DOUBLE AS customers
FROM first JOIN month USING (customer), bounds
WHERE first > seen AND first <= newest AND month <= newest AND month - first <= 12
GROUP BY ALL;

-- 6. The report -------------------------------------------------------------------------------------------------------

-- The figure that says how many rows another one counts.
CREATE TEMP MACRO n_of(figure) AS CASE
    WHEN figure LIKE 'backlog%' OR figure IN ('contacts', 'resolved', 'customers') OR figure LIKE '%\_share' ESCAPE '\' THEN NULL
    ELSE regexp_replace(figure, '(_p50|_p90|_mean|_low|_high|_n)$', '') || '_n' END;

-- Tables of figures as lines: what is shown, how it is split, for whom, which figure, and its value.
CREATE TEMP MACRO lines(figures) AS TABLE
    FROM (SELECT role, split, key, COLUMNS(* EXCLUDE (role, split, key))::DOUBLE FROM query_table(figures))
    UNPIVOT (value FOR figure IN (COLUMNS(* EXCLUDE (role, split, key))));

CREATE TEMP VIEW started AS
SELECT role, split, coalesce(channel, team, topic, '(none)') AS key, * EXCLUDE (role, split, channel, team, topic),
    contacts / max(contacts) FILTER (split = 7) OVER (PARTITION BY role) AS contacts_share
FROM by_start;
CREATE TEMP VIEW ripened AS
SELECT role, split, coalesce(channel, team, topic, '(none)') AS key, * EXCLUDE (role, split, channel, team, topic) FROM by_start_ripe;
CREATE TEMP VIEW resolved AS
SELECT role, split, coalesce(channel, team, topic, '(none)') AS key, resolved, COLUMNS('^ttr') FROM by_resolution WHERE clock = 'own';
CREATE TEMP VIEW touched AS
SELECT role, split, coalesce(channel, team, topic, '(none)') AS key, COLUMNS('^one_touch') FROM by_resolution WHERE clock = 'ripe';
-- Of several weeks a state is the mean.
CREATE TEMP VIEW stood AS
SELECT role, split, coalesce(channel, team, '(none)') AS key, COLUMNS('^backlog') FROM by_state WHERE role <> 'average'
UNION ALL
SELECT role, split, '', avg(COLUMNS('^backlog')) FROM by_state WHERE role = 'average' AND split = 7 GROUP BY ALL;
CREATE TEMP VIEW answered AS
SELECT role, split, coalesce(channel, team, '(none)') AS key, COLUMNS('^csat') FROM by_answer;
CREATE TEMP VIEW visited AS
SELECT role, split, coalesce(channel, '(none)') AS key, * EXCLUDE (role, split, channel),
    customers / max(customers) FILTER (split = 7) OVER (PARTITION BY role) AS customers_share
FROM by_customer;
CREATE TEMP VIEW promoted AS SELECT role, 7 AS split, '' AS key, COLUMNS('^nps') FROM by_promoter;
CREATE TEMP VIEW stayed AS SELECT role, 7 AS split, '' AS key, COLUMNS('^retention') FROM by_retention;
CREATE TEMP VIEW ordered AS
SELECT role, split, '' AS key, 100 * contacts / orders AS contacts_per_100_orders, orders AS contacts_per_100_orders_n
FROM by_start JOIN by_order USING (role) WHERE split = 7;

CREATE TEMP TABLE figure AS
SELECT role, CASE split WHEN 7 THEN 'total' WHEN 3 THEN 'channel' WHEN 5 THEN 'team' ELSE 'topic' END AS split,
    CASE split WHEN 7 THEN 'total' ELSE key END AS key, figure,
    -- A count of several weeks is their mean.
    value / CASE WHEN role = 'average' AND figure IN ('contacts', 'resolved', 'customers') THEN weeks ELSE 1 END AS value
FROM (
    FROM lines(started) UNION ALL FROM lines(ripened) UNION ALL FROM lines(resolved) UNION ALL FROM lines(touched)
    UNION ALL FROM lines(stood) UNION ALL FROM lines(answered) UNION ALL FROM lines(visited) UNION ALL FROM lines(promoted)
    UNION ALL FROM lines(stayed) UNION ALL FROM lines(ordered)
), (SELECT count(*) AS weeks FROM stretch WHERE clock = 'own' AND role = 'average' AND covered)
WHERE isfinite(value);

-- Which tables there are, and what they show.
CREATE TEMP TABLE layout AS
SELECT "table", split, UNNEST(figures) AS figure FROM (VALUES
    ('summary', 'total', ['contacts', 'contacts_per_100_orders', 'resolved', 'backlog', 'backlog_over_7d', 'response_sla', 'frt_p50',
        'frt_p90', 'service_level', 'abandonment', 'resolution_rate', 'resolved_handled', 'repeat_contacts', 'fcr', 'csat', 'nps',
        'retention']),
    ('summary_by_channel', 'channel', ['contacts', 'contacts_share', 'frt_p50', 'wait_p50', 'csat']),
    ('response', 'total', ['response_sla', 'response_sla_late_p50', 'frt_p50', 'frt_p90', 'frt_mean', 'wait_p50', 'wait_p90', 'wait_mean',
        'service_level', 'abandonment']),
    ('response_by_channel', 'channel', ['frt_p50', 'frt_p90', 'response_sla', 'wait_p50', 'wait_p90', 'abandonment']),
    ('response_by_team', 'team', ['frt_p50', 'frt_p90', 'response_sla', 'wait_p50', 'abandonment']),
    ('response_by_topic', 'topic', ['frt_p50', 'frt_p90', 'response_sla', 'wait_p50']),
    ('resolution', 'total', ['resolution_rate', 'resolved_handled', 'resolved', 'ttr_full_p50', 'ttr_full_p90', 'one_touch', 'fcr',
        'repeat_rate', 'repeat_contacts', 'backlog', 'backlog_over_7d', 'backlog_untouched', 'backlog_oldest']),
    ('resolution_by_channel', 'channel', ['resolution_rate', 'resolved', 'ttr_full_p50', 'fcr', 'repeat_contacts', 'backlog']),
    ('resolution_by_team', 'team', ['resolution_rate', 'resolved', 'ttr_full_p50', 'one_touch', 'backlog']),
    ('resolution_by_topic', 'topic', ['contacts', 'ttr_full_p50', 'fcr', 'repeat_contacts']),
    ('backlog_by_age', 'channel', ['backlog_0_1d', 'backlog_1_3d', 'backlog_3_7d', 'backlog_7_30d', 'backlog_30d', 'backlog']),
    ('retention', 'total', ['retention', 'contact_return', 'customers']),
    ('channels', 'total', ['contacts', 'contacts_per_100_orders', 'customers', 'multi_channel']),
    ('mix', 'channel', ['contacts', 'contacts_share', 'customers', 'customers_share', 'contact_return']),
    ('satisfaction', 'total', ['csat', 'nps']),
    ('satisfaction_by_channel', 'channel', ['csat', 'csat_low', 'csat_high', 'csat_n']),
    ('satisfaction_by_team', 'team', ['csat', 'csat_low', 'csat_high', 'csat_n'])
) AS tables("table", split, figures);

-- Each cell of them: the value now and before, the average of the four weeks in tables of totals, how many it counts, bounds.
WITH part AS (
    SELECT *, '' AS suffix, figure AS source, 'now' AS role FROM layout
    UNION ALL SELECT *, ':previous', figure, 'previous' FROM layout
        WHERE "table" <> 'summary_by_channel' OR figure IN ('frt_p50', 'wait_p50')
    UNION ALL SELECT *, ':average', figure, 'average' FROM layout WHERE split = 'total'
    UNION ALL SELECT *, ':n', n_of(figure), 'now' FROM layout
    UNION ALL SELECT *, ':low', figure || '_low', 'now' FROM layout WHERE figure IN ('csat', 'nps')
    UNION ALL SELECT *, ':high', figure || '_high', 'now' FROM layout WHERE figure IN ('csat', 'nps')
), chance AS (
    -- Whether the change since the week before could be chance: of counts by Poisson, of shares by Newcombe, of NPS by its error.
    SELECT now.split, now.key, now.figure, 1 AS value
    FROM figure AS now JOIN figure AS before USING (split, key, figure)
    LEFT JOIN figure AS n ON n.figure = n_of(now.figure) AND (n.split, n.key, n.role) = (now.split, now.key, 'now')
    LEFT JOIN figure AS m ON m.figure = n_of(now.figure) AND (m.split, m.key, m.role) = (now.split, now.key, 'previous')
    LEFT JOIN by_promoter AS p ON p.role = 'now' LEFT JOIN by_promoter AS q ON q.role = 'previous'
    WHERE now.role = 'now' AND before.role = 'previous' AND CASE
        WHEN now.figure IN ('contacts', 'resolved', 'customers', 'csat_n')
            OR now.figure LIKE 'backlog%' AND now.figure <> 'backlog_oldest'
            THEN abs(now.value - before.value) <= 1.959963984540054 * sqrt(now.value + before.value)
        WHEN now.figure = 'nps' THEN abs(now.value - before.value) <= sqrt(p.error ** 2 + q.error ** 2)
        WHEN now.figure IN ('response_sla', 'service_level', 'abandonment', 'resolution_rate', 'resolved_handled', 'repeat_contacts',
            'fcr', 'repeat_rate', 'one_touch', 'csat', 'csat_low', 'csat_high', 'retention', 'contact_return', 'multi_channel')
            THEN may_be_equal(round(now.value * n.value), n.value, round(before.value * m.value), m.value) END
), shown AS (
    SELECT "table", part.split, key, part.figure, suffix, f.split AS of, value
    FROM part JOIN figure AS f ON f.figure = part.source AND f.role = part.role
    UNION ALL
    SELECT "table", layout.split, key, figure, ':chance', chance.split, value FROM layout JOIN chance USING (figure)
), cell AS (
    SELECT "table", key, figure || suffix AS "column", value FROM shown
    -- A table by channel, team or topic ends with a total; page one does not, and leaves out what has no contacts or no value.
    WHERE CASE "table"
        WHEN 'summary_by_channel' THEN of = 'channel' AND key IN (SELECT channel FROM by_start WHERE role = 'now' AND split = 3)
        WHEN 'summary' THEN of = 'total' AND figure IN (SELECT figure FROM figure WHERE split = 'total' AND role IN ('now', 'previous'))
        ELSE of IN (shown.split, 'total') END
    UNION ALL
    SELECT 'experience', CASE WHEN is_bad THEN 'bad' ELSE 'not bad' END,
        UNNEST(['customers', 'not_active', 'not_active:n', 'not_active:low', 'not_active:high']),
        UNNEST([customers, not_active, customers, low, high])
    FROM experience
    UNION ALL
    SELECT 'experience', 'bad', UNNEST(['relative_risk', 'relative_risk:low', 'relative_risk:high']),
        UNNEST([risk, risk / spread, risk * spread])
    FROM (SELECT b.not_active / o.not_active AS risk,
            exp(1.959963984540054 * sqrt(1 / b.gone - 1 / b.customers + 1 / o.gone - 1 / o.customers)) AS spread
        FROM experience AS b JOIN experience AS o ON b.is_bad AND NOT o.is_bad)
    UNION ALL
    SELECT 'cohorts', format('{}-{:02d}', first // 12, first % 12 + 1),
        UNNEST(CASE after WHEN 0 THEN ['customers'] ELSE ['month_' || after, 'month_' || after || ':n'] END),
        UNNEST(CASE after WHEN 0 THEN [customers] ELSE [customers / size, size] END)
    FROM (SELECT *, max(customers) FILTER (after = 0) OVER (PARTITION BY first) AS size FROM cohort)
)
SELECT "table", key, "column", value FROM cell ORDER BY ALL;
