-- Persons covered in any cohort at one month, each once.
SELECT coalesce(sum(change), 0)::BIGINT AS persons
FROM person_change
WHERE month <= $month;
