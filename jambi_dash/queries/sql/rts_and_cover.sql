-- The register of RTs with the covered people of one cohort at one month.
WITH covered AS (
    SELECT kelurahan_code, rt, sum(change)::BIGINT AS covered
    FROM cover_change
    WHERE cohort = $cohort AND month <= $month AND rt IS NOT NULL
    GROUP BY kelurahan_code, rt
),
final AS (
    SELECT
        rt.kelurahan_code,
        rt.rt,
        rt.household_count,
        rt.eligible_count,
        rt.lat,
        rt.lon,
        coalesce(covered.covered, 0) AS covered
    FROM rt
    LEFT JOIN covered USING (kelurahan_code, rt)
)
FROM final ORDER BY kelurahan_code, rt;
