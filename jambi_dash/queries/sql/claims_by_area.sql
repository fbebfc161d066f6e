-- Benefits paid from one day to another, by area and programme. `code` is NULL without a location.
WITH paid AS (
    SELECT
        CASE $by
            WHEN 'program' THEN ''
            -- Of several cities each is a row: 15.71.08.1004 lies in 15.71.
            WHEN 'city' THEN CASE WHEN $several THEN left(kelurahan_code, 5) ELSE $city END
            -- 15.71.08.1004 lies in 15.71.08: codes carry their tree.
            WHEN 'kecamatan' THEN left(kelurahan_code, 8)
            ELSE kelurahan_code
        END AS code,
        program,
        amount_idr
    FROM claim
    WHERE paid_date BETWEEN $first AND $last
        AND ($cohort = '' OR cohort = $cohort)
        AND ($area = '' OR starts_with(kelurahan_code, $area))
),
final AS (
    SELECT code, program, count(*)::BIGINT AS paid_count, sum(amount_idr)::BIGINT AS amount_idr
    FROM paid
    GROUP BY code, program
)
SELECT code, program, paid_count, amount_idr FROM final ORDER BY code, program;
