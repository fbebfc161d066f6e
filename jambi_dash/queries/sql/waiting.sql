-- People proposed or verified and not yet paid, by kelurahan and occupation.
SELECT kelurahan_code, occupation, sum(people)::BIGINT AS people
FROM stage_count
WHERE cohort = $cohort AND list_contains($stages, stage)
GROUP BY kelurahan_code, occupation
ORDER BY kelurahan_code, occupation;
