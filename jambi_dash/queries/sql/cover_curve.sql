-- Covered people of every cohort at the end of each month in which something changed.
WITH by_month AS (
    SELECT cohort, month, sum(change) AS change
    FROM kelurahan_change
    GROUP BY cohort, month
),
final AS (
    SELECT
        cohort,
        month,
        (sum(change) OVER (PARTITION BY cohort ORDER BY month))::BIGINT AS covered
    FROM by_month
)
SELECT cohort, month, covered FROM final ORDER BY cohort, month;
