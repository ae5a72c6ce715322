-- The report, from the four tables that the reader of the exports has filled: interaction, customer, survey and
-- purchase. It ends by printing `table,key,column,value`: a line for every figure of `deskstat report -f json`.
--
-- Not printed, because they are no figures: the sentences, notes and notices (words), and the settings' goals.

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
SELECT NULL::UBIGINT AS crm, email, external, own, phone, name FROM interaction WHERE began < getvariable('cut')
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
CREATE TEMP TABLE strong2 AS FROM spread(edge, strong1);
CREATE TEMP TABLE strong3 AS FROM spread(edge, strong2);
CREATE TEMP TABLE strong AS FROM spread(edge, strong3);
SET VARIABLE settled = (SELECT CASE WHEN n > 0 THEN error('customers need another round') END FROM unsettled(edge, strong));

-- A phone joins what it stands with, unless that would make one customer of two in the customer system.
CREATE TEMP TABLE owner AS
SELECT DISTINCT hash('phone', phone) AS phone, coalesce(strong.label, u.key) AS key
FROM (SELECT phone, coalesce(crm, email, external, own) AS key FROM usable WHERE phone IS NOT NULL) AS u
LEFT JOIN strong USING (key)
WHERE u.key IS NOT NULL;

CREATE TEMP TABLE phone_edge AS SELECT phone AS a, key AS b FROM owner UNION ALL SELECT key, phone FROM owner;
CREATE TEMP TABLE weak1 AS SELECT a AS key, least(a, min(b)) AS label FROM phone_edge GROUP BY a;
CREATE TEMP TABLE weak2 AS FROM spread(phone_edge, weak1);
CREATE TEMP TABLE weak3 AS FROM spread(phone_edge, weak2);
CREATE TEMP TABLE weak AS FROM spread(phone_edge, weak3);
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
SELECT DISTINCT owner.phone, NULL::UBIGINT FROM owner JOIN weak ON weak.key = owner.phone WHERE label IN (FROM conflict);

-- The key that a row's customer is known by: a phone only where there is nothing better.
CREATE TEMP MACRO best_key(crm, email, external, own, phone) AS CASE WHEN email IS DISTINCT FROM 1 THEN coalesce(
    crm,
    CASE WHEN email NOT IN (FROM shared_email) THEN email END,
    CASE WHEN external NOT IN (FROM shared_id) THEN external END,
    CASE WHEN own NOT IN (FROM shared_id) THEN own END,
    CASE WHEN phone NOT IN (FROM shared_phone) THEN id_of('phone', phone) END) END;

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
            WHEN wait IS NOT NULL THEN wait
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
SELECT source, id FROM (
    SELECT source, id, began, last_value(CASE WHEN is_answered THEN coalesce(over_at, 0) END IGNORE NULLS) OVER (
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
    SELECT source, id,
        lag(began) OVER of_customer AS previous_at,
        lead(began) OVER of_customer AS next_at,
        -- A contact without a topic may be about anything.
        CASE WHEN topic IS NULL THEN lead(began) OVER of_customer
            ELSE least(lead(began) OVER of_topic, lead(CASE WHEN topic IS NULL THEN began END IGNORE NULLS) OVER of_customer)
            END AS next_same_topic_at
    FROM contact ANTI JOIN continuation USING (source, id)
    WHERE customer IS NOT NULL AND began >= (SELECT min(begins) FROM stretch) - days(7)
    WINDOW of_customer AS (PARTITION BY customer ORDER BY began, source, id),
        of_topic AS (PARTITION BY customer, topic ORDER BY began, source, id)
)
SELECT contact.*, week.n AS week, week.judged, head.id IS NOT NULL AS is_head, previous_at, next_at, next_same_topic_at,
    coalesce(replied_at <= judged, false) AS is_replied,
    state = 'done' AND resolved_at IS NULL AND judged < getvariable('as_of') AS is_undated,
    coalesce(is_touched OR replied_at IS NOT NULL, false) AS is_handled,
    coalesce(is_written AND NOT is_replied AND (state = 'open' OR state = 'done' AND resolved_at > judged OR replied_at > judged), false) AS is_waiting,
    CASE WHEN is_written AND is_replied THEN replied_at - began WHEN is_waiting THEN judged - began END / 1000 AS frt,
    CASE WHEN is_answered AND began + wait <= judged THEN wait END / 1000 AS waited,
    is_written AND began + target <= judged AS is_due,
    is_due AND coalesce(replied_at - began <= target, false) AS is_in_target,
    is_phone AND is_offered AND NOT (is_answered AND wait IS NULL) AS is_call,
    state IS NOT NULL AND NOT coalesce(is_undated, false) AS is_known,
    is_known AND state = 'done' AND coalesce(resolved_at <= judged, true) AS is_resolved,
    is_head AND began >= getvariable('first_at') + days(7) AS looks_back
FROM contact JOIN week ON began >= begins AND began < ends LEFT JOIN head USING (source, id)
WHERE began >= (SELECT min(begins) FROM stretch);

CREATE TEMP TABLE by_start AS
SELECT role, channel, team, topic, grouping(channel, team, topic) AS split,
    count(*)::DOUBLE AS contacts,
    quantile_cont(frt, 0.5) AS frt_p50, quantile_cont(frt, 0.9) AS frt_p90, avg(frt) AS frt_mean, count(frt) AS frt_n,
    quantile_cont(waited, 0.5) AS wait_p50, quantile_cont(waited, 0.9) AS wait_p90, avg(waited) AS wait_mean, count(waited) AS wait_n,
    count(*) FILTER (is_in_target) / count(*) FILTER (is_due) AS response_sla, count(*) FILTER (is_due) AS response_sla_n,
    quantile_cont((CASE WHEN is_replied THEN replied_at ELSE recent.judged END - began - target) / 1000, 0.5)
        FILTER (is_due AND NOT is_in_target AND (is_replied OR is_waiting)) AS response_sla_late_p50,
    count(*) FILTER (is_call AND is_answered AND wait <= 20000) / count(*) FILTER (is_call) AS service_level,
    count(*) FILTER (is_call) AS service_level_n,
    count(*) FILTER (is_offered AND is_abandoned) / count(*) FILTER (is_offered) AS abandonment, count(*) FILTER (is_offered) AS abandonment_n,
    count(*) FILTER (is_resolved) / count(*) FILTER (is_known) AS resolution_rate, count(*) FILTER (is_known) AS resolution_rate_n,
    count(*) FILTER (is_resolved AND (is_touched OR is_replied)) / count(*) FILTER (is_known AND (is_touched OR is_replied)) AS resolved_handled,
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
    count(*) FILTER (age < days(1)) AS backlog_0_1d, count(*) FILTER (age >= days(1) AND age < days(3)) AS backlog_1_3d,
    count(*) FILTER (age >= days(3) AND age < days(7)) AS backlog_3_7d, count(*) FILTER (age >= days(7) AND age < days(30)) AS backlog_7_30d,
    count(*) FILTER (age >= days(30)) AS backlog_30d, count(*) FILTER (age >= days(7)) AS backlog_over_7d,
    count(*) FILTER (is_untouched) AS backlog_untouched, max(age) / 1000 AS backlog_oldest
FROM counted GROUP BY GROUPING SETS ((role, n), (role, n, channel), (role, n, team));

-- Ratings: of contacts, placed by the rating, else the resolution, else the start; and of surveys, which are about none.
CREATE TEMP TABLE answer AS
SELECT 'csat' AS kind, coalesce(seen(rated), resolved_at, began) AS given, channel, team, customer, csat AS score,
    CASE scale WHEN 5 THEN csat >= 4 WHEN 3 THEN csat >= 3 WHEN 2 THEN csat >= 2 END AS is_top
FROM contact WHERE csat BETWEEN 1 AND scale
UNION ALL
SELECT kind, began, NULL, NULL, CASE WHEN known.key IS NULL THEN s.key ELSE known.customer END, score, CASE kind WHEN 'csat' THEN score >= 4 END
FROM (SELECT *, best_key(NULL::UBIGINT, email, NULL::UBIGINT, own, NULL::BIGINT) AS key FROM survey WHERE began < getvariable('cut')) AS s LEFT JOIN known USING (key)
WHERE kind = 'nps' AND score BETWEEN 0 AND 10 OR kind = 'csat' AND score BETWEEN 1 AND 5;

CREATE TEMP TABLE rated AS
SELECT answer.*, role FROM answer JOIN stretch ON clock = 'own' AND given >= begins AND given < ends;

CREATE TEMP TABLE by_answer AS
SELECT role, channel, team, grouping(channel, team) * 2 + 1 AS split,
    count(*) FILTER (kind = 'csat')::DOUBLE AS csat_n, count(*) FILTER (is_top)::DOUBLE AS good,
    good / csat_n AS csat, greatest(wilson(good, csat_n, -1), 0) AS csat_low, least(wilson(good, csat_n, 1), 1) AS csat_high
FROM rated GROUP BY GROUPING SETS ((role), (role, channel), (role, team));

-- The last answer of each customer; of unknown ones each counts.
CREATE TEMP TABLE by_promoter AS
WITH latest AS (
    SELECT role, max((given, score))[2] AS score FROM rated WHERE kind = 'nps' AND customer IS NOT NULL GROUP BY role, customer
    UNION ALL SELECT role, score FROM rated WHERE kind = 'nps' AND customer IS NULL
)
SELECT role, count(*) AS nps_n,
    count(*) FILTER (score >= 9) / nps_n AS p, count(*) FILTER (score <= 6) / nps_n AS d,
    100 * (p - d) AS nps, 195.9963984540054 * sqrt((p + d - (p - d) * (p - d)) / nps_n) AS error, nps - error AS nps_low, nps + error AS nps_high
FROM (SELECT DISTINCT role FROM stretch) LEFT JOIN latest USING (role) GROUP BY role;

-- Customers of the weeks: who came, by how many channels, and who had come in the week before.
CREATE TEMP TABLE visitor AS
SELECT week, channel, customer FROM recent WHERE customer IS NOT NULL GROUP BY ALL;

CREATE TEMP TABLE by_customer AS
WITH guest AS (
    SELECT week, customer, count(*) AS channels FROM visitor GROUP BY ALL
), came AS (
    SELECT week, NULL AS channel, count(*) AS customers, count(*) FILTER (channels > 1) AS several FROM guest GROUP BY week
    UNION ALL SELECT week, channel, count(*), NULL FROM visitor GROUP BY ALL
), again AS (
    SELECT v.week + 1 AS week, v.channel, count(*) AS base, count(guest.customer) AS back
    FROM (FROM visitor UNION ALL SELECT week, NULL, customer FROM guest) AS v
    LEFT JOIN guest ON guest.customer = v.customer AND guest.week = v.week + 1 GROUP BY ALL
)
-- Several weeks: a mean for the count of customers, sum over sum for shares.
SELECT role, channel, CASE WHEN channel IS NULL THEN 7 ELSE 3 END AS split,
    sum(customers)::DOUBLE AS customers, sum(customers)::DOUBLE AS multi_channel_n, sum(several) / multi_channel_n AS multi_channel,
    sum(base)::DOUBLE AS contact_return_n, sum(back) / contact_return_n AS contact_return
FROM stretch JOIN (SELECT week AS n, * FROM came FULL JOIN again ON came.week = again.week AND came.channel IS NOT DISTINCT FROM again.channel) USING (n)
WHERE clock = 'own' GROUP BY ALL;
