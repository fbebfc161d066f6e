-- Since when the people of one cohort who are not paid stand in their stage.
SELECT stage, kelurahan_code, reason, entered_by, entered_after, count(*)::BIGINT AS people
FROM stage_entry
WHERE cohort = $cohort AND ($area = '' OR starts_with(kelurahan_code, $area))
GROUP BY ALL
ORDER BY ALL;
