-- Small words of both reports: clocks, keys of customers, intervals. A macro that names its argument more than once is
-- given a column, not an expression, so that nothing is worked out twice.

-- Summer time in London, in the years of the data: local times from and to.
SET VARIABLE summer = (
    SELECT list([d - dayofweek(d)::INTEGER + TIME '02:00', o - dayofweek(o)::INTEGER + TIME '02:00'] ORDER BY y)
    FROM (SELECT y, make_date(y, 3, 31) AS d, make_date(y, 10, 31) AS o FROM range(2025, 2028) AS years(y))
);

CREATE TEMP MACRO is_summer(t) AS t >= getvariable('summer')[1][1] AND t < getvariable('summer')[1][2]
    OR t >= getvariable('summer')[2][1] AND t < getvariable('summer')[2][2]
    OR t >= getvariable('summer')[3][1] AND t < getvariable('summer')[3][2];

-- A local timestamp as milliseconds in UTC, and back. An hour that occurs twice is taken as its first, as deskstat does;
-- DuckDB's own timezone() takes the second, and costs ten times as much.
CREATE TEMP MACRO london(t) AS epoch_ms(t) - 3600000 * is_summer(t)::BIGINT;
CREATE TEMP MACRO local(ms) AS epoch_ms(ms + 3600000 * is_summer(epoch_ms(ms + 3600000))::BIGINT);
-- The instant at which a local day begins.
CREATE TEMP MACRO midnight(day) AS london(day::TIMESTAMP);
CREATE TEMP MACRO days(n) AS 86400000::BIGINT * n;

-- A key's text as a number of 63 bits. DuckDB's own hash() is made for joins that compare the texts as well: among
-- some 100,000 addresses it gives two of them the same number now and then.
CREATE TEMP MACRO key_of(text) AS (md5_number(text) & 9223372036854775807)::BIGINT;

-- An e-mail address, plain, as a number. Addresses of roles are 0 and those of colleagues 1: neither joins anybody, but
-- they cast doubt on the ids that they stand with.
CREATE TEMP MACRO plain(text) AS lower(trim(text));
CREATE TEMP MACRO address(a) AS CASE
    WHEN NOT coalesce(contains(a, '@'), false) THEN NULL
    WHEN ends_with(a, '@harbourandpine.example') OR ends_with(a, '.harbourandpine.example') THEN 1
    WHEN split_part(split_part(a, '@', 1), '+', 1) IN ('account', 'accounting', 'accounts', 'accueil', 'admin',
        'administration', 'administrator', 'anfrage', 'atendimento', 'billing', 'bounce', 'bounces', 'buchhaltung',
        'contact', 'contacto', 'contato', 'customercare', 'customerservice', 'do-not-reply', 'donotreply', 'email',
        'enquiries', 'enquiry', 'facturation', 'finance', 'hello', 'help', 'helpdesk', 'hostmaster', 'info',
        'inquiries', 'inquiry', 'invoice', 'invoices', 'klantenservice', 'kontakt', 'kundenservice', 'mail',
        'mailer-daemon', 'newsletter', 'no-email', 'no-reply', 'no.reply', 'no_reply', 'noemail', 'nomail', 'noreply',
        'notification', 'notifications', 'office', 'order', 'orders', 'post', 'postmaster', 'purchasing', 'rechnung',
        'reception', 'root', 'sales', 'secretariat', 'sekretariat', 'service', 'services', 'soporte', 'support',
        'team', 'ventas', 'verwaltung', 'vertrieb', 'webmaster', 'zentrale', 'anonym', 'anonymous', 'blocked',
        'guest', 'n/a', 'na', 'nan', 'nil', 'none', 'null', 'private', 'restricted', 'unavailable', 'unbekannt',
        'undefined', 'unknown', 'withheld') THEN 0
    ELSE key_of(a) END;

-- An id as a number; the first argument says whose id it is.
CREATE TEMP MACRO id_of(kind, id) AS key_of(kind || id);

-- A phone number as a negative number, with the country's code; damaged ones (4.41E+11), words and extensions are none.
CREATE TEMP MACRO bare(text) AS translate(text, '+ ()-''', '');
CREATE TEMP MACRO phone_number(t) AS -CASE
    WHEN length(t) NOT BETWEEN 7 AND 15 OR contains(t, 'E') THEN NULL
    WHEN starts_with(t, '0') THEN 440000000000 + TRY_CAST(t AS BIGINT)
    ELSE TRY_CAST(t AS BIGINT) END;

-- A name, plain, as a number; it joins nobody, but an address under many names is shared.
CREATE TEMP MACRO person(name) AS CASE
    WHEN name IS NULL OR name IN ('anonym', 'anonymous', 'anonymous caller', 'blocked', 'guest', 'n/a', 'na', 'nan', 'nil',
        'none', 'null', 'private', 'private number', 'restricted', 'unavailable', 'unbekannt', 'undefined', 'unknown',
        'unknown caller', 'withheld', '-', '') THEN NULL
    ELSE hash(name) END;

-- Wilson's 95 % interval of a share, its lower end (sign -1) or its upper one (1), and Newcombe's of the difference of two.
CREATE TEMP MACRO wilson(good, n, sign) AS least(greatest(
    (good / n + 3.841458820694124 / (2 * n)
        + sign * 1.959963984540054 * sqrt(good / n * (1 - good / n) / n + 3.841458820694124 / (4 * n * n)))
    / (1 + 3.841458820694124 / n), 0), 1);
CREATE TEMP MACRO difference(good, n, good_before, n_before, sign) AS good / n - good_before / n_before + sign * sqrt(
    (wilson(good, n, sign) - good / n) ** 2 + (wilson(good_before, n_before, -sign) - good_before / n_before) ** 2);
