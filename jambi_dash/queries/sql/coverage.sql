-- Covered people of one cohort at one month, by place. Places without a row here have none.
WITH changes AS (
    SELECT kelurahan_code, rt, change
    FROM cover_change
    WHERE cohort = $cohort AND month <= $month
),
placed AS (
    SELECT
        CASE $by
            WHEN 'city' THEN $city
            -- 15.71.08.1004 lies in 15.71.08: codes carry their tree.
            WHEN 'kecamatan' THEN left(kelurahan_code, 8)
            WHEN 'kelurahan' THEN kelurahan_code
            ELSE kelurahan_code || '-' || rt
        END AS code,
        change
    FROM changes
),
final AS (
    SELECT code, sum(change)::BIGINT AS covered
    FROM placed
    GROUP BY code
)
SELECT code, covered FROM final;
