-- Who is paid for on more than one roster: changes by month, like `cover_change`. `cohorts` are all
-- that pay for the person at once, `funds` whom the money is from ('': not said). A person is
-- counted in one kelurahan, that of the first cohort (in the programme's order) that names one.
CREATE TABLE release.double_change AS
WITH spells AS (
    SELECT
        person,
        cohort,
        coalesce(list_position($cohorts, cohort), len($cohorts) + 1) AS place_in_order,
        kelurahan_code,
        coalesce(fund, '') AS fund,
        start_month AS first,
        coalesce((end_month + INTERVAL 1 MONTH)::DATE, DATE '9999-01-01') AS beyond
    FROM release.enrolment
    WHERE stage = 'aktif' AND in_other_cohort
),
edges AS (
    SELECT person, first AS edge FROM spells
    UNION
    SELECT person, beyond FROM spells
),
spans AS (
    SELECT person, edge AS first, lead(edge) OVER (PARTITION BY person ORDER BY edge) AS beyond
    FROM edges
),
doubles AS (
    SELECT
        spans.person,
        spans.first,
        spans.beyond,
        list(spells.cohort ORDER BY place_in_order, spells.cohort) AS cohorts,
        list_sort(list_distinct(list(fund))) AS funds,
        arg_min(kelurahan_code, place_in_order) AS kelurahan_code,
        count(DISTINCT coalesce(kelurahan_code, '')) > 1 AS places_differ
    FROM spans
    JOIN spells
        ON spells.person = spans.person
        AND spells.first <= spans.first AND spells.beyond > spans.first
    WHERE spans.beyond IS NOT NULL
    GROUP BY spans.person, spans.first, spans.beyond
    HAVING count(*) > 1
),
changes AS (
    SELECT cohorts, funds, kelurahan_code, places_differ, first AS month, 1 AS change
    FROM doubles
    UNION ALL
    SELECT cohorts, funds, kelurahan_code, places_differ, beyond, -1
    FROM doubles
    WHERE beyond < DATE '9999-01-01'
)
SELECT cohorts, funds, kelurahan_code, places_differ, month, sum(change)::BIGINT AS change
FROM changes
GROUP BY ALL
HAVING sum(change) <> 0
ORDER BY ALL;
