-- The ladder of one cohort: rows by stage.
SELECT stage, sum(people)::BIGINT AS people
FROM stage_count
WHERE cohort = $cohort
GROUP BY stage
ORDER BY stage;
