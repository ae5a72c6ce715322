-- The Monday report of the CSV exports: Zendesk, Aircall, visits to the shops, HubSpot and Shopify.
--
-- Run by the DuckDB command line in this folder, with `folder` set to the folder of exports:
--   duckdb -csv -cmd "SET VARIABLE folder = 'DIR'" < csv.sql
-- Here the exports become tables of one shape; common.sql joins them and works out the report.
-- Times are milliseconds since 1970 in UTC, durations milliseconds.

.read macros.sql

-- The order of rows matters in the list of visits only.
SET preserve_insertion_order = false;

-- Zendesk: two exports overlap, so the latest update of each ticket counts; of equal ones that with the later solution. Rows
-- that cannot be read (too many cells) or that have no start are left out first. `-` is an empty cell.
CREATE TEMP TABLE interaction AS
SELECT 6::UTINYINT AS source, id,
    CASE WHEN starts_with(via, 'Mail') THEN 'email' WHEN starts_with(via, 'Web form') THEN 'web_form' ELSE 'other' END AS channel,
    team, topic, priority,
    CASE WHEN status IN ('New', 'Open', 'Pending', 'Hold') THEN 'open' WHEN status IN ('Solved', 'Closed') THEN 'done' END AS state,
    status = 'Deleted' OR via LIKE '%outbound%'
        OR coalesce(tags LIKE '%closed_by_merge%' OR ' ' || tags || ' ' LIKE '% spam %', false) AS is_out,
    NULL::VARCHAR AS outcome, false AS is_bot,
    london(created) AS began, london(solved) AS resolved, london(changed) AS updated,
    NULL::BIGINT AS answered, NULL::BIGINT AS replied, NULL::BIGINT AS rated, NULL::BIGINT AS ended,
    60000 * reply AS vendor_reply, CASE WHEN state = 'done' THEN 60000 * solution END AS vendor_resolution,
    NULL::BIGINT AS wait, NULL::BIGINT AS talk, replies, reopens,
    CASE WHEN score LIKE 'Good%' THEN 2 WHEN score LIKE 'Bad%' THEN 1 END AS csat, 2 AS scale,
    NULL::BIGINT AS crm, address(email) AS email, id_of('external:', external) AS external, id_of('zendesk:', requester) AS own,
    NULL::BIGINT AS phone, person(name) AS name
FROM (
    SELECT "Id" AS id, "Via" AS via, "Group" AS team, "Product area [list]" AS topic, lower("Priority") AS priority, "Status" AS status,
        "Tags" AS tags, TRY_CAST("Created at" AS TIMESTAMP) AS created, TRY_CAST("Solved at" AS TIMESTAMP) AS solved,
        TRY_CAST("Updated at" AS TIMESTAMP) AS changed, TRY_CAST("First reply time in minutes" AS BIGINT) AS reply,
        TRY_CAST("Full resolution time in minutes" AS BIGINT) AS solution, TRY_CAST("Replies" AS INTEGER) AS replies,
        TRY_CAST("Reopens" AS INTEGER) AS reopens, "Satisfaction Score" AS score, plain("Requester email") AS email,
        "Requester external id" AS external, "Requester id" AS requester, plain("Requester") AS name
    FROM read_csv(getvariable('folder') || '/zendesk-tickets-*.csv', header = true, delim = ',', quote = '"',
        all_varchar = true, nullstr = ['', '-'], ignore_errors = true, sample_size = 100)
    WHERE created IS NOT NULL
);
DELETE FROM interaction WHERE rowid NOT IN (
    SELECT arg_max(rowid, (coalesce(updated, 0), coalesce(resolved, 0))) FROM interaction GROUP BY id
);

-- Aircall.
INSERT INTO interaction
SELECT 1, id, 'phone', team, NULL, NULL, NULL, is_outbound,
    CASE WHEN answered = 'Yes' THEN 'answered'
        WHEN voicemail IS NOT NULL THEN 'lost'
        WHEN reason = 'abandoned_in_ivr' THEN NULL
        WHEN reason = 'short_abandoned' OR starts_with(reason, 'abandoned') THEN 'abandoned'
        WHEN reason IS NOT NULL THEN 'lost'
        WHEN kind = 'Abandoned' THEN 'abandoned'
        WHEN kind NOT IN ('AI Call', 'Outbound') THEN 'lost' END,
    coalesce(reason = 'abandoned_in_ivr' OR kind = 'AI Call', false),
    began, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, wait, talk, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    coalesce(phone_number(number), phone_number(other_number)), NULL
FROM (
    SELECT "call id (internal)" AS id, team, direction = 'outbound' AS is_outbound, answered, voicemail, missed_call_reason AS reason,
        "call type" AS kind, epoch_ms(TRY_CAST("datetime (utc)" AS TIMESTAMP)) AS began,
        epoch_ms(TRY_CAST(coalesce("waiting time", "time to answer") AS INTERVAL)) AS wait,
        1000 * TRY_CAST("duration (in call)" AS BIGINT) AS talk, bare("customer number") AS number,
        CASE WHEN "customer number" IS NULL THEN bare(CASE direction WHEN 'inbound' THEN "from" ELSE "to" END) END AS other_number
    FROM read_csv(getvariable('folder') || '/aircall-calls.csv', header = true, delim = ',', quote = '"',
        all_varchar = true, ignore_errors = true, sample_size = 100)
    WHERE began IS NOT NULL
);

-- Visits to the shops: no numbers, so the row's place in the file stands for one. What is solved is solved after the wait.
SET preserve_insertion_order = true;
INSERT INTO interaction
SELECT 4, place::VARCHAR, 'in_person', shop, reason, NULL, CASE solved WHEN 'yes' THEN 'done' WHEN 'no' THEN 'unresolved' END, false,
    'answered', false, london(moment) AS began, NULL, NULL, NULL, NULL, NULL, NULL, NULL, CASE solved WHEN 'yes' THEN wait END,
    wait, NULL, NULL, NULL, NULL, NULL, NULL, address(email), NULL, NULL, phone_number(phone), person(name)
FROM (
    SELECT row_number() OVER () + 1 AS place, "Shop" AS shop, "Reason" AS reason, "Solved" AS solved,
        try_strptime("Date" || ' ' || "Time", '%d/%m/%Y %H:%M') AS moment,
        round(60000 * TRY_CAST(replace("Minutes waited", ',', '.') AS DOUBLE))::BIGINT AS wait,
        plain("E-mail") AS email, bare("Phone") AS phone, plain("Name") AS name
    FROM read_csv(getvariable('folder') || '/shop-visits.csv', header = true, delim = ';', quote = '"',
        all_varchar = true, ignore_errors = true, sample_size = 100)
)
WHERE moment IS NOT NULL;

-- Shopify: line items of one order are one order; a line without a date belongs to its order all the same.
SET preserve_insertion_order = false;
CREATE TEMP TABLE purchase AS
SELECT began, amount, address(email) AS email, phone_number(phone) AS phone, person(name) AS name
FROM (
    SELECT min(epoch_ms(moment)) AS began, any_value(amount) AS amount, plain(any_value(email)) AS email, bare(any_value(phone)) AS phone,
        plain(any_value(name)) AS name
    FROM (
        SELECT "Name" AS id, "Created at" AS created, try_strptime("Created at", '%Y-%m-%d %H:%M:%S %z') AS moment,
            TRY_CAST("Total" AS DOUBLE) AS amount, "Email" AS email,
            coalesce("Phone", "Billing Phone", "Shipping Phone") AS phone, coalesce("Billing Name", "Shipping Name") AS name
        FROM read_csv(getvariable('folder') || '/shopify-orders.csv', header = true, delim = ',', quote = '"',
            all_varchar = true, ignore_errors = true, sample_size = 100)
    )
    WHERE created IS NULL OR moment IS NOT NULL
    GROUP BY id
);

CREATE TEMP TABLE survey (kind VARCHAR, began BIGINT, score DOUBLE, email BIGINT, own BIGINT, name UBIGINT);

.read common.sql
