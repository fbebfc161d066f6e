-- People that the rosters of each cohort pay for in every month up to one.
WITH changes AS (
    SELECT cohort, month, sum(change) AS change
    FROM kelurahan_change
    WHERE month <= $month
    GROUP BY cohort, month
),
months AS (
    SELECT unnest(generate_series(min(month), $month::DATE, INTERVAL 1 MONTH))::DATE AS month
    FROM changes
),
final AS (
    SELECT changes.cohort, months.month, sum(changes.change)::BIGINT AS people
    FROM months
    JOIN changes ON changes.month <= months.month
    GROUP BY changes.cohort, months.month
)
SELECT cohort, month, people FROM final WHERE people <> 0 ORDER BY cohort, month;
