-- RTs with eligible people of whom nobody is covered at one month, by kelurahan.
WITH covered AS (
    SELECT kelurahan_code, rt
    FROM cover_change
    WHERE cohort = $cohort AND month <= $month AND rt IS NOT NULL
    GROUP BY kelurahan_code, rt
    HAVING sum(change) <> 0
)
SELECT kelurahan_code, count(*) AS rts
FROM rt
ANTI JOIN covered USING (kelurahan_code, rt)
WHERE eligible_count > 0
GROUP BY kelurahan_code
ORDER BY kelurahan_code;
