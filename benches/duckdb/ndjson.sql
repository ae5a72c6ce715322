-- The Monday report of the JSON exports: Intercom, Twilio, Amazon Connect and Delighted, one record a line, and HubSpot.
--
-- Run by the DuckDB command line in this folder, with `folder` set to the folder of exports:
--   duckdb -csv -cmd "SET VARIABLE folder = 'DIR'" < ndjson.sql
-- Here the exports become tables of one shape; common.sql joins them and works out the report.
-- Times are milliseconds since 1970 in UTC, durations milliseconds.

.read macros.sql

SET preserve_insertion_order = false;

-- Twilio: messages of one customer and channel without a pause of more than a day are one thread.
CREATE TEMP TABLE thread AS
WITH cell AS (
    SELECT sid, starts_with("from", 'whatsapp:') OR starts_with("to", 'whatsapp:') AS is_whatsapp,
        bare(replace(CASE direction WHEN 'inbound' THEN "from" ELSE "to" END, 'whatsapp:', '')) AS number,
        direction = 'inbound' AS is_inbound, direction = 'outbound-reply' AS is_bot,
        epoch_ms(try_strptime(date_sent, '%a, %d %b %Y %H:%M:%S %z')) AS began
    FROM read_ndjson(getvariable('folder') || '/twilio-messages.ndjson', columns = {sid: 'VARCHAR', direction: 'VARCHAR',
        "from": 'VARCHAR', "to": 'VARCHAR', date_sent: 'VARCHAR', status: 'VARCHAR'})
    WHERE status NOT IN ('failed', 'undelivered', 'canceled') AND began IS NOT NULL
), message AS (
    SELECT * EXCLUDE (number), phone_number(number) AS phone FROM cell
), paused AS (
    SELECT *, coalesce(began - lag(began) OVER (PARTITION BY is_whatsapp, phone ORDER BY began, sid) > days(1), true) AS is_first
    FROM message
), numbered AS (
    SELECT *, count(*) FILTER (is_first) OVER (
        PARTITION BY is_whatsapp, phone ORDER BY began, sid ROWS UNBOUNDED PRECEDING) AS thread
    FROM paused
), replied AS (
    -- A reply is what a human writes after the customer's first message.
    SELECT *, NOT is_inbound AND NOT is_bot AND bool_or(is_inbound) OVER (
        PARTITION BY is_whatsapp, phone, thread ORDER BY began, sid ROWS UNBOUNDED PRECEDING) AS is_reply
    FROM numbered
)
SELECT any_value(sid) FILTER (is_first) AS id, CASE WHEN is_whatsapp THEN 'messaging' ELSE 'sms' END AS channel, phone,
    min(began) AS began, max(began) AS updated, any_value(NOT is_inbound) FILTER (is_first) AS is_out, bool_and(is_bot) AS is_bot,
    min(began) FILTER (is_reply) AS replied, CASE WHEN bool_or(is_inbound) THEN count(*) FILTER (is_reply) END AS replies
FROM replied GROUP BY is_whatsapp, phone, thread;

-- Amazon Connect: records are delivered at least once, the latest counts; the legs of one call are one contact.
CREATE TEMP TABLE leg AS
SELECT *, row_number() OVER (PARTITION BY call ORDER BY began, id) AS n
FROM (
    SELECT ContactId AS id, coalesce(InitialContactId, ContactId) AS call, Channel AS channel, InitiationMethod AS method,
        Agent.ConnectedToAgentTimestamp AS connected, Agent.AgentInteractionDuration AS talk, Queue.EnqueueTimestamp AS queued,
        Queue.Duration AS wait, Queue.Name AS team,
        CASE CustomerEndpoint.Type WHEN 'TELEPHONE_NUMBER' THEN bare(CustomerEndpoint.Address) END AS phone,
        epoch_ms(TRY_CAST(InitiationTimestamp AS TIMESTAMP)) AS began, epoch_ms(TRY_CAST(DisconnectTimestamp AS TIMESTAMP)) AS ended,
        epoch_ms(TRY_CAST(LastUpdateTimestamp AS TIMESTAMP)) AS updated
    FROM read_ndjson(getvariable('folder') || '/amazon-connect-contacts.ndjson', columns = {ContactId: 'VARCHAR',
        InitialContactId: 'VARCHAR', Channel: 'VARCHAR', InitiationMethod: 'VARCHAR', InitiationTimestamp: 'VARCHAR',
        DisconnectTimestamp: 'VARCHAR', LastUpdateTimestamp: 'VARCHAR',
        Agent: 'STRUCT(ConnectedToAgentTimestamp VARCHAR, AgentInteractionDuration BIGINT)',
        Queue: 'STRUCT(EnqueueTimestamp VARCHAR, Duration BIGINT, "Name" VARCHAR)',
        CustomerEndpoint: 'STRUCT(Address VARCHAR, "Type" VARCHAR)'})
    WHERE channel <> 'TASK' AND method NOT IN ('MONITOR', 'DISCONNECT') AND began IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY updated DESC) = 1
);

CREATE TEMP TABLE interaction AS
-- Amazon Connect. The wait is that of the first leg that waited or was answered; later ones are transfers.
SELECT 2::UTINYINT AS source, any_value(id) FILTER (n = 1) AS id,
    CASE any_value(channel) FILTER (n = 1) WHEN 'VOICE' THEN 'phone' WHEN 'CHAT' THEN 'chat' WHEN 'EMAIL' THEN 'email' ELSE 'other' END
        AS channel,
    arg_max(team, n) AS team, NULL::VARCHAR AS topic, NULL::VARCHAR AS priority, NULL::VARCHAR AS state,
    any_value(method LIKE 'OUTBOUND%' OR method IN ('EXTERNAL_OUTBOUND', 'CALLBACK') OR method = 'API' AND channel = 'VOICE')
        FILTER (n = 1) AS is_out,
    CASE WHEN count(connected) > 0 THEN 'answered' WHEN count(queued) > 0 THEN 'abandoned' END AS outcome,
    count(connected) = 0 AND count(queued) = 0 AND NOT is_out AS is_bot,
    min(began) AS began, NULL::BIGINT AS resolved, max(updated) AS updated,
    epoch_ms(TRY_CAST(arg_min(connected, n) AS TIMESTAMP)) AS answered,
    NULL::BIGINT AS replied, NULL::BIGINT AS rated, max(ended) AS ended, NULL::BIGINT AS vendor_reply, NULL::BIGINT AS vendor_resolution,
    1000 * coalesce(arg_min(wait, n) FILTER (wait > 0 OR connected IS NOT NULL), arg_min(wait, n)) AS wait,
    1000 * sum(talk)::BIGINT AS talk, NULL::INTEGER AS replies, NULL::INTEGER AS reopens, NULL::INTEGER AS csat, NULL::INTEGER AS scale,
    NULL::BIGINT AS crm, NULL::BIGINT AS email, NULL::BIGINT AS external, NULL::BIGINT AS own,
    arg_min(phone_number(phone), n) AS phone, NULL::UBIGINT AS name
FROM leg GROUP BY call
UNION ALL
-- Intercom. What the AI agent solved alone is neither answered nor abandoned.
SELECT 3, id,
    CASE WHEN source.type IN ('email', 'sms') THEN source.type WHEN source.type = 'whatsapp' THEN 'messaging'
        WHEN source.type IN ('facebook', 'instagram', 'twitter') THEN 'social' WHEN starts_with(source.type, 'phone') THEN 'phone'
        ELSE 'chat' END,
    CASE team_assignee_id WHEN '5017691' THEN 'Orders' WHEN '5017692' THEN 'Returns' WHEN '5017693' THEN 'Products'
        WHEN '5017694' THEN 'Billing' WHEN '0' THEN NULL ELSE team_assignee_id END,
    NULL, NULL, CASE state WHEN 'closed' THEN 'done' WHEN 'open' THEN 'open' WHEN 'snoozed' THEN 'open' END,
    coalesce(source.delivered_as = 'admin_initiated' OR source.delivered_as LIKE 'campaign%', false),
    CASE WHEN statistics.first_admin_reply_at > 0 THEN 'answered' WHEN state = 'closed' AND NOT by_machine THEN 'abandoned' END,
    by_machine AND NOT coalesce(statistics.first_admin_reply_at > 0, false),
    1000 * TRY_CAST(created_at AS BIGINT) AS began, 1000 * statistics.last_close_at, 1000 * updated_at, NULL,
    1000 * statistics.first_admin_reply_at,
    CASE WHEN conversation_rating.rating <> 0 THEN 1000 * conversation_rating.created_at END, NULL, NULL, NULL, NULL, NULL, NULL,
    statistics.count_reopens, conversation_rating.rating, 5,
    NULL, address(email), id_of('external:', contacts.contacts[1].external_id),
    id_of('intercom:', contacts.contacts[1].id), NULL, person(name)
FROM (SELECT *, coalesce(ai_agent.resolution_state IN ('assumed_resolution', 'confirmed_resolution'), false) AS by_machine,
        CASE WHEN source.author.type IN ('user', 'lead', 'contact') THEN plain(source.author.email) END AS email,
        CASE WHEN source.author.type IN ('user', 'lead', 'contact') THEN plain(source.author.name) END AS name
    FROM read_ndjson(getvariable('folder') || '/intercom-conversations.ndjson', columns = {id: 'VARCHAR', created_at: 'VARCHAR',
        updated_at: 'BIGINT', state: 'VARCHAR', team_assignee_id: 'VARCHAR',
        conversation_rating: 'STRUCT(rating INTEGER, created_at BIGINT)',
        source: 'STRUCT("type" VARCHAR, delivered_as VARCHAR, author STRUCT("type" VARCHAR, "name" VARCHAR, email VARCHAR))',
        contacts: 'STRUCT(contacts STRUCT(id VARCHAR, external_id VARCHAR)[])',
        statistics: 'STRUCT(first_admin_reply_at BIGINT, last_close_at BIGINT, count_reopens INTEGER)',
        ai_agent: 'STRUCT(resolution_state VARCHAR)'}))
WHERE began IS NOT NULL
UNION ALL
-- Twilio.
SELECT 5, id, channel, NULL, NULL, NULL, NULL, is_out, NULL, is_bot, began, NULL, updated, NULL, replied, NULL, NULL, NULL, NULL, NULL,
    NULL, replies, NULL, NULL, NULL, NULL, NULL, NULL, NULL, phone, NULL
FROM thread;
DROP TABLE thread; DROP TABLE leg;

-- Delighted.
CREATE TEMP TABLE survey AS
SELECT kind, began, score, address(email) AS email, id_of('delighted:', id) AS own, person(name) AS name
FROM (
    SELECT CASE survey_type WHEN 'nps' THEN 'nps' WHEN 'ces' THEN 'ces' ELSE 'csat' END AS kind,
        1000 * TRY_CAST(created_at AS BIGINT) AS began, score, person.id AS id, plain(person.email) AS email, plain(person.name) AS name
    FROM read_ndjson(getvariable('folder') || '/delighted-surveys.ndjson', columns = {created_at: 'VARCHAR', survey_type: 'VARCHAR',
        score: 'DOUBLE', person: 'STRUCT(id VARCHAR, email VARCHAR, "name" VARCHAR)'})
    WHERE survey_type NOT IN ('enps', 'pmf', 'thumbs') AND began IS NOT NULL
);

CREATE TEMP TABLE purchase (began BIGINT, amount DOUBLE, email BIGINT, phone BIGINT, name UBIGINT);

.read common.sql
