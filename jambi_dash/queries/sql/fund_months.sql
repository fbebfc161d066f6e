-- People of one cohort paid in each month from one to another (both included), by source of funds.
WITH months AS (
    SELECT unnest(generate_series($first, $last, INTERVAL 1 MONTH))::DATE AS month
),
changes AS (
    SELECT fund, month, change
    FROM fund_change
    WHERE cohort = $cohort AND month <= $last
),
final AS (
    SELECT months.month, changes.fund, sum(changes.change)::BIGINT AS people
    FROM months
    JOIN changes ON changes.month <= months.month
    GROUP BY ALL
    HAVING sum(changes.change) <> 0
)
SELECT month, fund, people FROM final ORDER BY month, fund;
