-- The months in which the cover of a cohort changes.
SELECT min(month) AS first, max(month) AS last
FROM kelurahan_change
WHERE cohort = $cohort;
