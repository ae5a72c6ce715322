-- The Monday report of the CSV exports: Zendesk, Aircall, visits to the shops, HubSpot and Shopify.
--
-- Run by the DuckDB command line, with `folder` set to the folder of exports:
--   duckdb -cmd "SET VARIABLE folder = 'DIR'" < csv.sql
-- Here the exports become four tables of one shape; common.sql joins them and works out the report.
-- Times are milliseconds since 1970 in UTC, durations milliseconds.

.read macros.sql

-- The order of rows in the files matters in the last file only.
SET preserve_insertion_order = false;

-- Zendesk: two exports overlap, so the latest update of each ticket counts. Rows that cannot be read (too many
-- cells) or that have no start are left out first. `-` is an empty cell.
CREATE TEMP TABLE interaction AS
SELECT 6::UTINYINT AS source, "Id" AS id,
    CASE WHEN starts_with("Via", 'Mail') THEN 'email' WHEN starts_with("Via", 'Web form') THEN 'web_form' ELSE 'other' END AS channel,
    "Group" AS team, "Product area [list]" AS topic, lower("Priority") AS priority,
    CASE WHEN "Status" IN ('New', 'Open', 'Pending', 'Hold') THEN 'open' WHEN "Status" IN ('Solved', 'Closed') THEN 'done' END AS state,
    "Status" = 'Deleted' OR coalesce("Tags" LIKE '%closed_by_merge%' OR ' ' || "Tags" || ' ' LIKE '% spam %', false)
        OR "Via" LIKE '%outbound%' AS is_out,
    NULL::VARCHAR AS outcome, false AS is_bot,
    london(TRY_CAST("Created at" AS TIMESTAMP)) AS began, london(TRY_CAST("Solved at" AS TIMESTAMP)) AS resolved,
    london(TRY_CAST("Updated at" AS TIMESTAMP)) AS updated,
    NULL::BIGINT AS answered, NULL::BIGINT AS replied, NULL::BIGINT AS rated, NULL::BIGINT AS ended,
    60000 * TRY_CAST("First reply time in minutes" AS BIGINT) AS vendor_reply,
    CASE WHEN state = 'done' THEN 60000 * TRY_CAST("Full resolution time in minutes" AS BIGINT) END AS vendor_resolution,
    NULL::BIGINT AS wait, NULL::BIGINT AS talk, TRY_CAST("Replies" AS INTEGER) AS replies, TRY_CAST("Reopens" AS INTEGER) AS reopens,
    CASE WHEN "Satisfaction Score" LIKE 'Good%' THEN 2 WHEN "Satisfaction Score" LIKE 'Bad%' THEN 1 END AS csat, 2 AS scale,
    NULL::BIGINT AS crm, address("Requester email") AS email, id_of('external:', "Requester external id") AS external,
    id_of('zendesk:', "Requester id") AS own, NULL::BIGINT AS phone, person("Requester") AS name
FROM read_csv(getvariable('folder') || '/zendesk-tickets-*.csv', header = true, delim = ',', quote = '"',
    all_varchar = true, nullstr = ['', '-'], ignore_errors = true, sample_size = 100)
WHERE began IS NOT NULL;

DELETE FROM interaction WHERE rowid NOT IN (SELECT arg_max(rowid, coalesce(updated, 0)) FROM interaction GROUP BY id);

-- Aircall.
INSERT INTO interaction
SELECT 1, "call id (internal)", 'phone', team, NULL, NULL, NULL, direction = 'outbound',
    CASE WHEN answered = 'Yes' THEN 'answered'
        WHEN voicemail IS NOT NULL THEN 'lost'
        WHEN missed_call_reason = 'abandoned_in_ivr' THEN NULL
        WHEN missed_call_reason LIKE '%abandoned%' THEN 'abandoned'
        WHEN missed_call_reason IS NOT NULL THEN 'lost'
        WHEN "call type" NOT IN ('AI Call', 'Outbound') THEN 'lost' END,
    coalesce(missed_call_reason = 'abandoned_in_ivr' OR "call type" = 'AI Call', false),
    epoch_ms(TRY_CAST("datetime (utc)" AS TIMESTAMP)) AS began, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    clock_face(coalesce("waiting time", "time to answer")), 1000 * TRY_CAST("duration (in call)" AS BIGINT), NULL, NULL,
    NULL, NULL, NULL, NULL, NULL, NULL,
    coalesce(phone_number("customer number"), phone_number(CASE direction WHEN 'inbound' THEN "from" ELSE "to" END)), NULL
FROM read_csv(getvariable('folder') || '/aircall-calls.csv', header = true, delim = ',', quote = '"',
    all_varchar = true, ignore_errors = true, sample_size = 100)
WHERE began IS NOT NULL;

-- Visits to the shops: no numbers, so the row's place in the file stands for one. What is solved is solved after the wait.
SET preserve_insertion_order = true;
INSERT INTO interaction
SELECT 4, place::VARCHAR, 'in_person', "Shop", "Reason", NULL, CASE "Solved" WHEN 'yes' THEN 'done' WHEN 'no' THEN 'unresolved' END, false,
    'answered', false,
    london(try_strptime("Date" || ' ' || "Time", '%d/%m/%Y %H:%M')) AS began, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
    CASE "Solved" WHEN 'yes' THEN minutes END,
    minutes, NULL, NULL, NULL, NULL, NULL,
    NULL, address("E-mail"), NULL, NULL, phone_number("Phone"), person("Name")
FROM (SELECT *, row_number() OVER () + 1 AS place,
        round(60000 * TRY_CAST(replace("Minutes waited", ',', '.') AS DOUBLE))::BIGINT AS minutes
    FROM read_csv(getvariable('folder') || '/shop-visits.csv', header = true, delim = ';', quote = '"',
        all_varchar = true, ignore_errors = true, sample_size = 100))
WHERE began IS NOT NULL;

-- Line items of one order are one order; a line without a date belongs to its order all the same.
SET preserve_insertion_order = false;
CREATE TEMP TABLE purchase AS
SELECT began, address(email) AS email, phone_number(phone) AS phone, person(name) AS name
FROM (
    SELECT min(epoch_ms(try_strptime("Created at", '%Y-%m-%d %H:%M:%S %z'))) AS began, any_value("Email") AS email,
        any_value(coalesce("Phone", "Billing Phone", "Shipping Phone")) AS phone, any_value(coalesce("Billing Name", "Shipping Name")) AS name
    FROM read_csv(getvariable('folder') || '/shopify-orders.csv', header = true, delim = ',', quote = '"',
        all_varchar = true, ignore_errors = true, sample_size = 100)
    WHERE "Created at" IS NULL OR try_strptime("Created at", '%Y-%m-%d %H:%M:%S %z') IS NOT NULL
    GROUP BY "Name"
);

CREATE TEMP TABLE survey (kind VARCHAR, began BIGINT, score DOUBLE, email BIGINT, own BIGINT, name UBIGINT);

.read common.sql
