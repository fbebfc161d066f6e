-- How many RTs and estimated workers an area has by the register, where every RT has an estimate.
WITH placed AS (
    SELECT
        CASE $by
            WHEN 'city' THEN CASE WHEN $several THEN left(kelurahan_code, 5) ELSE $city END
            WHEN 'kecamatan' THEN left(kelurahan_code, 8)
            ELSE kelurahan_code
        END AS code,
        rts,
        eligible
    FROM kelurahan_register
),
final AS (
    SELECT code, sum(rts)::BIGINT AS rts, sum(eligible)::BIGINT AS eligible
    FROM placed
    GROUP BY code
)
SELECT code, rts, eligible FROM final;
