-- Changes of a cohort's cover by month and kelurahan (NULL: without a location).
SELECT month, kelurahan_code, sum(change)::BIGINT AS change
FROM kelurahan_change
WHERE cohort = $cohort
GROUP BY month, kelurahan_code
HAVING sum(change) <> 0
ORDER BY month, kelurahan_code;
