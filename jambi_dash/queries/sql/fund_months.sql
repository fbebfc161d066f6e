-- People of one cohort paid in each month from one to another (both included), by source of funds.
WITH spells AS (
    SELECT
        fund,
        greatest(start_month, $first) AS first,
        least(coalesce(end_month, $last), $last) AS last,
        count(*) AS people
    FROM enrolment
    WHERE cohort = $cohort
        AND stage = 'aktif'
        AND start_month <= $last
        AND (end_month IS NULL OR end_month >= $first)
    GROUP BY ALL
),
months AS (
    SELECT unnest(generate_series($first, $last, INTERVAL 1 MONTH))::DATE AS month
),
final AS (
    SELECT months.month, spells.fund, sum(spells.people)::BIGINT AS people
    FROM months
    JOIN spells ON months.month BETWEEN spells.first AND spells.last
    GROUP BY ALL
)
SELECT month, fund, people FROM final ORDER BY month, fund;
