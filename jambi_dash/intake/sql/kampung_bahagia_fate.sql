-- The log of Kampung Bahagia: one row an event of one RT.
CREATE OR REPLACE TABLE kampung_bahagia_fate AS
WITH known AS (
    SELECT
        raw.sheet,
        raw.row_no,
        raw.sheet::UBIGINT * 1099511627776 + raw.row_no AS seq,
        place.code AS kelurahan_code,
        coalesce(place.repaired, false) AS place_repaired,
        coalesce(place.kecamatan_differs, false) AS kecamatan_differs,
        rt.value AS rt,
        stage.value AS stage,
        happened.value AS event_date,
        amount.value AS activity_idr,
        workers.value AS worker_count,
        spk.value AS spk_date,
        registered.value AS jakon_registered,
        paid.value AS jakon_paid_idr,
        trim(raw.nilai_kegiatan) <> '' AND amount.value IS NULL
            OR trim(raw.jakon_dibayar) NOT IN ('', '-') AND paid.value IS NULL AS money_unreadable,
        trim(raw.tanggal_spk) NOT IN ('', '-') AND spk.value IS NULL AS spk_unreadable,
        rts.rt IS NOT NULL AS rt_known
    FROM kampung_bahagia_raw AS raw
    LEFT JOIN known_place AS place
        ON place.kelurahan = raw.kelurahan AND place.kecamatan = raw.kecamatan
    LEFT JOIN known_rt AS rt ON rt.text = raw.rt
    LEFT JOIN known_tahap AS stage ON stage.text = raw.tahap
    LEFT JOIN known_tanggal AS happened ON happened.text = raw.tanggal
    LEFT JOIN known_nilai_kegiatan AS amount ON amount.text = raw.nilai_kegiatan
    LEFT JOIN known_jumlah_pekerja AS workers ON workers.text = raw.jumlah_pekerja
    LEFT JOIN known_tanggal_spk AS spk ON spk.text = raw.tanggal_spk
    LEFT JOIN known_jakon_terdaftar AS registered ON registered.text = raw.jakon_terdaftar
    LEFT JOIN known_jakon_dibayar AS paid ON paid.text = raw.jakon_dibayar
    LEFT JOIN known_rts AS rts ON rts.kelurahan_code = place.code AND rts.rt = rt.value
),
judged AS (
    SELECT
        *,
        CASE
            WHEN kelurahan_code IS NULL THEN 'lokasi_tidak_dikenal'
            WHEN rt IS NULL THEN 'rt_tidak_sah'
            WHEN stage IS NULL THEN 'tahap_tidak_dikenal'
            WHEN event_date IS NULL THEN 'tanggal_tidak_sah'
            WHEN row_number() OVER (
                PARTITION BY kelurahan_code, rt, stage, event_date ORDER BY seq
            ) > 1 THEN 'ganda'
        END AS rejection
    FROM known
),
ordered AS (
    SELECT
        *,
        -- An RT that goes back to an earlier stage on a later day.
        list_position($stages, stage) < max(
            CASE WHEN rejection IS NULL THEN list_position($stages, stage) END
        ) OVER (
            PARTITION BY kelurahan_code, rt ORDER BY event_date, list_position($stages, stage)
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS backwards
    FROM judged
)
SELECT
    *,
    -- One bit a rule, in the order of intake.checks.WARNINGS["kampung_bahagia"].
    CASE WHEN rejection IS NOT NULL THEN 0 ELSE
        place_repaired::INTEGER
        + 2 * kecamatan_differs::INTEGER
        + 4 * (NOT rt_known)::INTEGER
        + 8 * (event_date > $as_of)::INTEGER
        + 16 * coalesce(backwards, false)::INTEGER
        + 32 * money_unreadable::INTEGER
        + 64 * spk_unreadable::INTEGER
    END AS warnings
FROM ordered;
