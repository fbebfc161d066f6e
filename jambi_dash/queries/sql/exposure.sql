-- Insured people in every month, each once, and how many of them are in their first months.
WITH months AS (
    SELECT unnest(generate_series($first::DATE, $last::DATE, INTERVAL 1 MONTH))::DATE AS month
),
spells AS (
    SELECT
        person,
        -- With one cohort chosen a person has one row; else people of two cohorts are told apart.
        in_other_cohort AND $cohort = '' AS repeated,
        start_month AS first,
        coalesce(end_month, DATE '9999-01-01') AS last
    FROM enrolment
    WHERE stage = 'aktif'
        AND start_month <= $last
        AND ($cohort = '' OR cohort = $cohort)
        AND ($area = '' OR starts_with(kelurahan_code, $area))
),
single AS (
    SELECT first, last, count(*) AS people FROM spells WHERE NOT repeated GROUP BY ALL
),
repeated AS (
    SELECT *, min(first) OVER (PARTITION BY person) AS begun FROM spells WHERE repeated
),
counted AS (
    SELECT month, people, month < first + to_months($early_months) AS early
    FROM months
    INNER JOIN single ON month BETWEEN first AND last
    UNION ALL
    SELECT month, count(DISTINCT person), month < begun + to_months($early_months)
    FROM months
    INNER JOIN repeated ON month BETWEEN first AND last
    GROUP BY ALL
)
SELECT
    months.month,
    coalesce(sum(people), 0)::BIGINT AS people,
    coalesce(sum(people) FILTER (early), 0)::BIGINT AS early
FROM months
LEFT JOIN counted USING (month)
GROUP BY months.month
ORDER BY months.month;
