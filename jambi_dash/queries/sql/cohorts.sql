-- The cohorts that the release knows, with their covered people at one month.
SELECT cohort, coalesce(sum(change) FILTER (month <= $month), 0)::BIGINT AS covered
FROM kelurahan_change
GROUP BY cohort
ORDER BY cohort;
