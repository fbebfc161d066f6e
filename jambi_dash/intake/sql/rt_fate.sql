-- The register of RTs: one row an RT; a row without a kelurahan or a number is no RT.
CREATE OR REPLACE TABLE rt_fate AS
WITH known AS (
    SELECT
        raw.sheet,
        raw.row_no,
        raw.sheet::UBIGINT * 1099511627776 + raw.row_no AS seq,
        place.code AS kelurahan_code,
        coalesce(place.repaired, false) AS place_repaired,
        coalesce(place.kecamatan_differs, false) AS kecamatan_differs,
        rt.value AS rt,
        households.value AS household_count,
        estimate.value AS eligible_count,
        (trim(raw.jumlah_kk) <> '' AND households.value IS NULL)
            OR (trim(raw.perkiraan_pekerja_rentan) <> '' AND estimate.value IS NULL)
            AS number_unreadable,
        coalesce(pilot.value, false) AS pilot,
        lat.value AS lat,
        lon.value AS lon
    FROM rt_raw AS raw
    LEFT JOIN known_place AS place
        ON place.kelurahan = raw.kelurahan AND place.kecamatan = raw.kecamatan
    LEFT JOIN known_rt AS rt ON rt.text = raw.rt
    LEFT JOIN known_jumlah_kk AS households ON households.text = raw.jumlah_kk
    LEFT JOIN known_perkiraan_pekerja_rentan AS estimate
        ON estimate.text = raw.perkiraan_pekerja_rentan
    LEFT JOIN known_percontohan AS pilot ON pilot.text = raw.percontohan
    LEFT JOIN known_lat AS lat ON lat.text = raw.lat
    LEFT JOIN known_lon AS lon ON lon.text = raw.lon
),
judged AS (
    SELECT
        *,
        CASE
            WHEN kelurahan_code IS NULL THEN 'lokasi_tidak_dikenal'
            WHEN rt IS NULL THEN 'rt_tidak_sah'
            WHEN row_number() OVER (PARTITION BY kelurahan_code, rt ORDER BY seq) > 1 THEN 'ganda'
        END AS rejection
    FROM known
)
SELECT
    *,
    -- One bit a rule, in the order of intake.checks.WARNINGS["rt"].
    CASE WHEN rejection IS NOT NULL THEN 0 ELSE
        place_repaired::INTEGER
        + 2 * kecamatan_differs::INTEGER
        + 4 * coalesce(number_unreadable, false)::INTEGER
    END AS warnings
FROM judged;
