-- People of one cohort by stage, kelurahan and occupation as the office wrote it.
SELECT stage, kelurahan_code, occupation, sum(people)::BIGINT AS people
FROM stage_count
WHERE cohort = $cohort AND ($area = '' OR starts_with(kelurahan_code, $area))
GROUP BY ALL
ORDER BY ALL;
