-- Changes of the cover of one cohort in each RT of the register, by month.
SELECT kelurahan_code, rt, month, change
FROM cover_change
WHERE cohort = $cohort AND rt IS NOT NULL
ORDER BY kelurahan_code, rt, month;
