-- Covered people of one cohort at one month, by kelurahan or what lies above it. Places without a
-- row here have none.
WITH changes AS (
    SELECT kelurahan_code, change
    FROM kelurahan_change
    WHERE cohort = $cohort AND month <= $month
),
placed AS (
    SELECT
        CASE $by
            -- Of several cities each is a row: 15.71.08.1004 lies in 15.71.
            WHEN 'city' THEN CASE WHEN $several THEN left(kelurahan_code, 5) ELSE $city END
            -- 15.71.08.1004 lies in 15.71.08: codes carry their tree.
            WHEN 'kecamatan' THEN left(kelurahan_code, 8)
            ELSE kelurahan_code
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
