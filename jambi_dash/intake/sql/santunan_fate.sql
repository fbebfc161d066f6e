-- Benefits paid: one row a payment. Its place may be unknown, its programme, date and sum may not.
CREATE OR REPLACE TABLE santunan_fate AS
WITH known AS (
    SELECT
        raw.sheet,
        raw.row_no,
        raw.sheet::UBIGINT * 1099511627776 + raw.row_no AS seq,
        program.value AS program,
        paid.value AS paid_date,
        amount.value AS amount_idr,
        place.code AS kelurahan_code,
        coalesce(place.repaired, false) AS place_repaired,
        coalesce(place.kecamatan_differs, false) AS kecamatan_differs,
        CASE WHEN place.code IS NOT NULL THEN rt.value END AS rt,
        trim(raw.rt) <> '' AND place.code IS NOT NULL AND rts.rt IS NULL AS rt_unknown,
        trim(raw.kelompok) <> '' AND cohort.value IS NULL AS cohort_unknown,
        coalesce(cohort.value, $default_cohort) AS cohort,
        event.value AS event_date,
        trim(raw.tanggal_kejadian) NOT IN ('', '-') AND event.value IS NULL AS event_unreadable,
        kind.value AS kind
    FROM santunan_raw AS raw
    LEFT JOIN known_program AS program ON program.text = raw.program
    LEFT JOIN known_tanggal AS paid ON paid.text = raw.tanggal
    LEFT JOIN known_nilai AS amount ON amount.text = raw.nilai
    LEFT JOIN known_place AS place
        ON place.kelurahan = raw.kelurahan AND place.kecamatan = raw.kecamatan
    LEFT JOIN known_rt AS rt ON rt.text = raw.rt
    LEFT JOIN known_rts AS rts ON rts.kelurahan_code = place.code AND rts.rt = rt.value
    LEFT JOIN known_kelompok AS cohort ON cohort.text = raw.kelompok
    LEFT JOIN known_jenis AS kind ON kind.text = raw.jenis
    LEFT JOIN known_tanggal_kejadian AS event ON event.text = raw.tanggal_kejadian
),
judged AS (
    SELECT
        *,
        CASE
            WHEN program IS NULL THEN 'program_tidak_dikenal'
            WHEN paid_date IS NULL THEN 'tanggal_tidak_sah'
            WHEN amount_idr IS NULL OR amount_idr < 0 THEN 'nilai_tidak_sah'
            WHEN cohort_unknown THEN 'kelompok_tidak_dikenal'
        END AS rejection
    FROM known
)
SELECT
    *,
    -- One bit a rule, in the order of intake.checks.WARNINGS["santunan"].
    CASE WHEN rejection IS NOT NULL THEN 0 ELSE
        place_repaired::INTEGER
        + 2 * (kelurahan_code IS NULL)::INTEGER
        + 4 * kecamatan_differs::INTEGER
        + 8 * rt_unknown::INTEGER
        + 16 * (paid_date > $as_of)::INTEGER
        + 32 * event_unreadable::INTEGER
    END AS warnings
FROM judged;
