-- Covered people of one cohort at one month by RT, in all or in one area ($area: the code of a
-- kecamatan or kelurahan). NULL: in no RT of the register.
WITH changes AS (
    SELECT kelurahan_code || '-' || rt AS code, change
    FROM cover_change
    WHERE cohort = $cohort
        AND month <= $month
        AND ($area = '' OR starts_with(kelurahan_code, $area))
),
final AS (
    SELECT code, sum(change)::BIGINT AS covered
    FROM changes
    GROUP BY code
)
SELECT code, covered FROM final;
