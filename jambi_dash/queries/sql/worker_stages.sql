-- People of one cohort by the stage in which they stand, by kelurahan (null: without a location).
SELECT kelurahan_code, stage, sum(people)::BIGINT AS people
FROM stage_count
WHERE cohort = $cohort
GROUP BY kelurahan_code, stage
ORDER BY kelurahan_code, stage;
