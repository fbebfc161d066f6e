-- The RTs of the register, or of one area ($area: the code of a kecamatan or kelurahan), with the
-- covered people of one cohort at one month; the last row, without an RT, has those in none of them.
WITH changes AS (
    SELECT kelurahan_code, rt, change
    FROM cover_change
    WHERE cohort = $cohort
        AND month <= $month
        AND ($area = '' OR starts_with(kelurahan_code, $area))
),
counted AS (
    SELECT kelurahan_code, rt, sum(change)::BIGINT AS covered
    FROM changes
    GROUP BY kelurahan_code, rt
),
inside AS (
    SELECT kelurahan_code, rt, eligible_count
    FROM rt
    WHERE $area = '' OR starts_with(kelurahan_code, $area)
),
final AS (
    SELECT inside.kelurahan_code, inside.rt, eligible_count, coalesce(covered, 0) AS covered
    FROM inside
    LEFT JOIN counted ON inside.kelurahan_code = counted.kelurahan_code AND inside.rt = counted.rt
    UNION ALL
    SELECT NULL, NULL, NULL, coalesce(sum(change)::BIGINT, 0) FROM changes WHERE rt IS NULL
)
SELECT kelurahan_code, rt, eligible_count, covered
FROM final
ORDER BY kelurahan_code NULLS LAST, rt;
