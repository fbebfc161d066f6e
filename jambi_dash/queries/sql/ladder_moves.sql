-- Steps that people of one cohort took between two releases.
SELECT kelurahan_code, from_stage, to_stage, reason, seen, days_least, days_most,
    sum(people)::BIGINT AS people
FROM stage_move
WHERE cohort = $cohort AND ($area = '' OR starts_with(kelurahan_code, $area))
GROUP BY ALL
ORDER BY ALL;
