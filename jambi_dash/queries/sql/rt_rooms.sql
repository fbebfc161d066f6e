-- Eligible and covered people of some RTs ($codes) at one month, where every RT has an estimate.
WITH asked AS (
    SELECT split_part(code, '-', 1) AS kelurahan_code, split_part(code, '-', 2) AS rt, code
    FROM unnest($codes) AS codes (code)
),
covered AS (
    SELECT kelurahan_code, rt, sum(change)::BIGINT AS people
    FROM cover_change
    SEMI JOIN asked USING (kelurahan_code, rt)
    WHERE cohort = $cohort AND month <= $month
    GROUP BY kelurahan_code, rt
)
SELECT asked.code, rt.eligible_count, coalesce(covered.people, 0) AS people
FROM asked
JOIN rt USING (kelurahan_code, rt)
LEFT JOIN covered USING (kelurahan_code, rt)
ORDER BY asked.code;
