-- Paid person-months of one cohort from one month to another, both included.
WITH changes AS (
    SELECT month, sum(change) AS change
    FROM cover_change
    WHERE cohort = $cohort AND month <= $last
    GROUP BY month
),
final AS (
    SELECT sum(change * (date_diff('month', greatest(month, $first), $last) + 1)) AS person_months
    FROM changes
)
SELECT coalesce(person_months, 0)::BIGINT AS person_months FROM final;
