-- Contributions above one a person in every month up to one, since the first of them.
WITH changes AS (
    SELECT month, sum(change * (len(cohorts) - 1)) AS change
    FROM double_change
    WHERE month <= $month
    GROUP BY month
),
months AS (
    SELECT unnest(generate_series(min(month), $month::DATE, INTERVAL 1 MONTH))::DATE AS month
    FROM changes
),
final AS (
    SELECT months.month, sum(changes.change)::BIGINT AS excess
    FROM months
    JOIN changes ON changes.month <= months.month
    GROUP BY months.month
)
SELECT month, excess FROM final WHERE excess <> 0 ORDER BY month;
